// What keeps old eyes and hands from reading and touching the page now shown; every fault is one line of text.
({ letters, contrast: least, target, gap, stroke }) => {
  const faults = [];
  const root = document.documentElement;
  const bar = document.querySelector(".bottom");
  const cut = [...document.querySelectorAll("*")].filter((part) => getComputedStyle(part).clipPath !== "none");
  const seen = (part) => part.checkVisibility({ visibilityProperty: true }) && !cut.some((each) => each.contains(part));
  const named = (part) => `${part.tagName.toLowerCase()} “${(part.textContent.trim() || part.name || part.id).slice(0, 40)}”`;
  const place = document.querySelector("dialog[open]") ?? document.body;
  const all = [...place.querySelectorAll("*")].filter(seen);

  const colour = (text) => {
    const parts = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return parts.length < 4 || parts[3] > 0 ? parts.slice(0, 3) : null;
  };
  const light = (rgb) => {
    const [red, green, blue] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((left, right) => left - right);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (part) => {
    for (let each = part; each; each = each.parentElement) {
      const found = colour(getComputedStyle(each).backgroundColor);
      if (found) return found;
    }
    return [255, 255, 255];
  };

  // Letters; axe asks for less contrast where they are large.
  for (const part of all) {
    const own = [...part.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!own && !(part instanceof HTMLInputElement)) continue;
    const drawn = part instanceof SVGElement ? part.getScreenCTM().a : 1;
    const size = parseFloat(getComputedStyle(part).fontSize) * drawn;
    if (size < letters - 0.1) faults.push(`letters of ${size.toFixed(1)} px: ${named(part)}`);
    const { color, fill } = getComputedStyle(part);
    const clear = contrast(colour(part instanceof SVGElement ? fill : color) ?? ground(part), ground(part));
    if (clear < least) faults.push(`letters of contrast ${clear.toFixed(1)}: ${named(part)}`);
  }

  // Targets and the gaps between them, where the page would put them without anything held in sight.
  if (bar) bar.style.position = "static";
  const targets = all
    .filter((part) => part.matches("button, a[href], input:not([type=hidden]), select, textarea, summary"))
    // Touching the words of a small box is touching the box.
    .map((part) => (part.matches("[type=radio], [type=checkbox]") ? (part.closest("label") ?? part) : part));
  const boxes = targets.map((part) => part.getBoundingClientRect());
  boxes.forEach((box, index) => {
    if (box.width < target - 0.5 || box.height < target - 0.5) {
      faults.push(`a target of ${Math.round(box.width)} × ${Math.round(box.height)} px: ${named(targets[index])}`);
    }
    for (let next = index + 1; next < boxes.length; next += 1) {
      const other = boxes[next];
      const across = Math.max(other.left - box.right, box.left - other.right);
      const down = Math.max(other.top - box.bottom, box.top - other.bottom);
      const apart = Math.max(across, down);
      if (apart < gap - 0.5) faults.push(`${apart.toFixed(1)} px between ${named(targets[index])} and ${named(targets[next])}`);
    }
  });
  if (bar) bar.style.position = "";

  // Strokes of pictures, edges of what is touched.
  for (const part of all) {
    if (part instanceof SVGGeometryElement) {
      const { stroke: line, fill } = getComputedStyle(part);
      const inks = [line, fill].filter((ink) => ink !== "none").map(colour).filter(Boolean);
      const best = Math.max(1, ...inks.map((ink) => contrast(ink, ground(part))));
      if (best < stroke) faults.push(`a stroke of contrast ${best.toFixed(1)} in ${named(part.closest("button, a, main") ?? part)}`);
    }
  }
  for (const part of targets) {
    const style = getComputedStyle(part);
    const behind = ground(part.parentElement);
    const edge = colour(style.borderTopColor);
    const best = Math.max(edge ? contrast(edge, behind) : 1, contrast(ground(part), behind));
    if (best < stroke) faults.push(`an edge of contrast ${best.toFixed(1)}: ${named(part)}`);
  }

  // Whatever is wider than its place, or lies under what is held in sight.
  if (root.scrollWidth > innerWidth) faults.push(`the page is ${root.scrollWidth} px wide on ${innerWidth}`);
  for (const part of all) {
    if (part instanceof SVGElement || part.matches("input, video, audio, html, body")) continue;
    const { right, left, width } = part.getBoundingClientRect();
    const out = part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0 && getComputedStyle(part).display !== "inline";
    if (out || (width > 0 && (right > innerWidth + 1 || left < -1))) faults.push(`wider than its place: ${named(part)}`);
  }
  // What stands beside the page in a column of its own covers none of it.
  const across = (part) => part.getBoundingClientRect().width > innerWidth / 2;
  const held = all.filter((part) => ["sticky", "fixed"].includes(getComputedStyle(part).position) && !part.matches("dialog") && across(part));
  const taken = held.reduce((sum, part) => sum + part.getBoundingClientRect().height, 0);
  if (taken > innerHeight / 4) faults.push(`${Math.round(taken)} of ${innerHeight} px are held by what covers the page`);
  return [...new Set(faults)];
};
