// Builds what browsers load: pages/*.ts and styles/*.scss (not _parts) become telemed/web/static/<name>-<hash>.<ext>
// with .br and .gz beside each, and manifest.json, which says which hashed file stands for which name.
//
//   node telemed/web/client/build.mjs            build when an input has changed
//   node telemed/web/client/build.mjs --force    build anyway

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const client = dirname(fileURLToPath(import.meta.url));
const root = join(client, "..", "..", "..");
const target = join(client, "..", "static");
const sources = [client, join(root, "signaling", "client")];
const tools = ["package-lock.json", "tsconfig.json"].map((name) => join(root, name));
const stampFile = join(target, "stamp.json");
// Scripts that come after a page's own, and share what that one holds.
const followers = { kiosk: "kiosk/further.ts" };
const browsers = ["chrome109", "firefox115", "safari16.4"];

function listed(folder, extensions) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function entries(folder, extension) {
  return listed(join(client, folder), [extension]).filter(
    (file) => dirname(file) === join(client, folder) && !basename(file).startsWith("_") && !file.endsWith(".d.ts"),
  );
}

function fingerprint(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

// Inputs are every source in the two client folders, plus whatever the last build pulled in from elsewhere.
function digest(imported) {
  const own = sources.flatMap((folder) => listed(folder, [".ts", ".scss", ".mjs", ".json"]));
  const outside = imported.map((file) => join(root, file));
  const files = [...new Set([...own, ...outside, ...tools])].sort();
  const lines = files.map((file) => {
    return `${relative(root, file)} ${existsSync(file) ? fingerprint(readFileSync(file)) : "gone"}`;
  });
  return fingerprint(lines.join("\n"));
}

function upToDate() {
  if (process.argv.includes("--force") || !existsSync(stampFile)) return false;
  const stamp = JSON.parse(readFileSync(stampFile, "utf8"));
  return stamp.files.every((file) => existsSync(join(target, file))) && stamp.digest === digest(stamp.imported);
}

// Each page by itself: what two pages share is small, and on a thin line a file of its own costs more than its bytes.
async function scripts(files) {
  const { build } = await import("esbuild");
  const built = await Promise.all(files.map((file) => script(build, file)));
  for (const [page, file] of Object.entries(followers)) {
    const before = built.find(({ entry }) => entry.file.startsWith(`${page}-`));
    built.push(await script(build, join(client, file), before.entry));
  }
  const made = new Map(built.flatMap((each) => each.made).map((each) => [each.file, each]));
  return { made: [...made.values()], inputs: [...new Set(built.flatMap((each) => each.inputs))] };
}

async function script(build, file, before) {
  const result = await build({
    absWorkingDir: root,
    bundle: true,
    chunkNames: "chunk-[hash]",
    entryNames: "[name]-[hash]",
    entryPoints: [file],
    format: "esm",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    minify: true,
    outdir: target,
    plugins: [webSocketOnly, ...(before ? [takingFrom(before)] : [])],
    splitting: true,
    target: browsers,
    write: false,
  });
  refuseTransports(result.metafile);
  let entry;
  const told = (output) => result.metafile.outputs[relative(root, output.path)];
  const ownWork = (output) => !told(output).entryPoint && Object.keys(told(output).inputs).length === 0;
  const added = result.outputFiles.filter(ownWork);
  const made = result.outputFiles.filter((output) => !ownWork(output)).map((output) => {
    const { entryPoint, exports, inputs } = told(output);
    const named = entryPoint && join(root, entryPoint) === file;
    if (named) entry = { file: basename(output.path), exports, inputs: Object.keys(inputs) };
    if (before) refuseMissing(before, output);
    const bytes = Buffer.from(added.reduce(broughtAlong, output.text));
    return { name: named && `${basename(file, ".ts")}.js`, file: basename(output.path), bytes };
  });
  return { made, entry, inputs: Object.keys(result.metafile.inputs) };
}

// What esbuild itself adds is a hundred bytes in a file of its own: whoever takes something from it carries it along.
function broughtAlong(text, { path, text: added }) {
  const given = (_, names) => `return{${names.replace(/([\w$]+) as ([\w$]+)/g, "$2:$1")}}`;
  const body = added.replace(/export\{([^}]*)\};\s*$/, given);
  const taken = new RegExp(`import(?:\\{([^}]*)\\}from)?"\\./${basename(path)}";`, "g");
  const carried = (_, names) => (names ? `const{${names.replaceAll(" as ", ":")}}=(()=>{${body}})();` : "");
  const whole = text.replace(taken, carried);
  if (whole.includes(basename(path))) throw new Error(`${basename(path)} is asked for in a way not known here`);
  return whole;
}

// Calls go by WebSocket alone (docs/protocol.md); the library would bring its long polling and WebTransport along.
const webSocketOnly = {
  name: "web-socket-only",
  setup(build) {
    build.onLoad({ filter: /engine\.io-client.build.esm.transports.index\.js$/ }, ({ path }) => ({
      contents: 'import { WS } from "./websocket.js"; export const transports = { websocket: WS };',
      resolveDir: dirname(path),
    }));
    // Merely named elsewhere in the library it would come all the same, with a listener for the page's end.
    build.onResolve({ filter: /transports.polling-xhr(?:\.node)?\.js$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace(".node", "")),
      sideEffects: false,
    }));
  },
};

// Another version of the library may have them elsewhere.
function refuseTransports({ outputs }) {
  const held = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const idle = held.filter((input) => /engine\.io-client.*(?:polling|xhr|webtransport)/.test(input));
  if (idle.length > 0) throw new Error(`no call needs ${idle.join(", ")}`);
}

// Whatever the page's own script holds already is imported from there.
function takingFrom({ file, inputs }) {
  const held = new Set(inputs.map((input) => join(root, input)));
  return {
    name: "taking",
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) =>
        held.has(join(resolveDir, `${path}.ts`)) ? { path: `./${file}`, external: true } : undefined,
      );
    },
  };
}

// A name that is not there would show only in a browser.
function refuseMissing({ file, exports }, output) {
  const taken = [...output.text.matchAll(/import\{([^}]*)\}from"([^"]*)"/g)].filter(([, , from]) => from === `./${file}`);
  const names = taken.flatMap(([, list]) => list.split(",").map((each) => each.split(" as ")[0]));
  const missing = names.filter((name) => !exports.includes(name));
  if (missing.length > 0) throw new Error(`${file} does not export ${missing.join(", ")}`);
}

async function styles(files) {
  if (files.length === 0) return { made: [], inputs: [] };
  const [{ compileAsync }, { transform }] = await Promise.all([import("sass"), import("esbuild")]);
  const modules = join(root, "node_modules");
  const loadPaths = [join(client, "styles"), join(modules, "govuk-frontend", "dist"), modules];
  const compiled = await Promise.all(files.map((file) => compileAsync(file, { loadPaths, quietDeps: true })));
  const made = await Promise.all(
    compiled.map(async ({ css }, index) => {
      const { code } = await transform(css, { loader: "css", minify: true, target: browsers });
      const bytes = Buffer.from(code);
      const name = basename(files[index], ".scss");
      const hash = fingerprint(bytes).slice(0, 8).toUpperCase();
      return { name: `${name}.css`, file: `${name}-${hash}.css`, bytes };
    }),
  );
  const urls = compiled.flatMap(({ loadedUrls }) => loadedUrls).filter((url) => url.protocol === "file:");
  return { made, inputs: urls.map((url) => relative(root, fileURLToPath(url))) };
}

// Minified code carries no notices, so the licences of everything bundled are served as one text.
function licences(inputs) {
  const names = inputs.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  const texts = [...new Set(names)].filter(Boolean).sort().map((name) => {
    const folder = join(root, "node_modules", name);
    const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    return `${name}\n\n${licence ? readFileSync(join(folder, licence), "utf8").trim() : "see its package.json"}\n`;
  });
  const bytes = Buffer.from(texts.join("\n\n"));
  return { name: "licences.txt", file: `licences-${fingerprint(bytes).slice(0, 8).toUpperCase()}.txt`, bytes };
}

// Each file is written aside and renamed, the manifest last: a server that reads meanwhile sees the old build or the new one.
function put(name, bytes) {
  const aside = join(target, `.${name}.${process.pid}`);
  writeFileSync(aside, bytes);
  renameSync(aside, join(target, name));
}

function store(made, imported) {
  mkdirSync(target, { recursive: true });
  for (const { file, bytes } of made) {
    put(file, bytes);
    put(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    put(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
  }
  const names = made.filter(({ name }) => name).map(({ name, file }) => [name, file]);
  put("manifest.json", JSON.stringify(Object.fromEntries(names.sort()), null, 2));
  const files = made.flatMap(({ file }) => [file, `${file}.gz`, `${file}.br`]);
  const keep = new Set([...files, "manifest.json", "stamp.json"]);
  for (const file of readdirSync(target)) {
    if (!keep.has(file) && !file.startsWith(".")) rmSync(join(target, file), { force: true });
  }
  put("stamp.json", JSON.stringify({ digest: digest(imported), imported, files }));
}

if (upToDate()) {
  console.log("assets: unchanged");
} else {
  const [code, looks] = await Promise.all([scripts(entries("pages", ".ts")), styles(entries("styles", ".scss"))]);
  const inputs = [...code.inputs, ...looks.inputs];
  const made = [...code.made, ...looks.made, licences(inputs)];
  store(made, inputs.filter((file) => !file.startsWith("node_modules/")).sort());
  for (const { name, file, bytes } of made) if (name) console.log(`assets: ${file} ${bytes.length} bytes`);
}
