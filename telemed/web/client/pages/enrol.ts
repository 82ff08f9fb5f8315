// Makes the kiosk's own key before the enrolment form is sent. The private half cannot be read out of the
// browser, not even by us; the public half goes with the form.

export {};

const DATABASE = "telemed-device";
const STORE = "keys";
const KEY = "device";

function finished<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}

async function openKeys(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return finished(opening);
}

async function makeKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const database = await openKeys();
  await finished(database.transaction(STORE, "readwrite").objectStore(STORE).put(pair.privateKey, KEY));
  database.close();
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return JSON.stringify({ kty, crv, x, y });
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-enrol]")) {
  form.addEventListener("submit", (event) => {
    const field = form.elements.namedItem("public_key");
    if (!(field instanceof HTMLInputElement) || field.value !== "") return;
    event.preventDefault();
    makeKey().then(
      (publicKey) => {
        field.value = publicKey;
        form.submit();
      },
      // Without a key the kiosk still takes forms; the coordinator sees that it cannot call.
      () => form.submit(),
    );
  });
}
