/** Where files come from: the chooser, or a drop anywhere on the page, folders too. */

/** Hand over files as they come, in the order of their names within a folder, and the names of those that cannot be read. */
export function takeFiles({ chooser, curtain, onFiles }) {
  chooser.addEventListener("change", () => {
    onFiles([...chooser.files], []);
    chooser.value = ""; // so that the same file can be chosen again
  });
  let depth = 0; // enter and leave come for every element that is passed over
  const showCurtain = (isShown) => {
    depth = isShown ? depth : 0;
    curtain.hidden = !isShown;
  };
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    showCurtain(true);
  });
  addEventListener("dragleave", (event) => {
    if (carriesFiles(event) && --depth <= 0) showCurtain(false);
  });
  addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    showCurtain(false);
    const { files, unread } = await dropped(event.dataTransfer);
    onFiles(files, unread);
  });
}

async function dropped(transfer) {
  // The entries must be taken before anything is waited for.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = { files: [], unread: [] };
  if (!entries.length) found.files.push(...transfer.files);
  for (const entry of entries) await collect(entry, found);
  return found;
}

async function collect(entry, found) {
  const inside = [];
  try {
    if (entry.isFile) found.files.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    else await list(entry.createReader(), inside);
  } catch {
    found.unread.push(entry.name); // the others still come
  }
  inside.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  for (const child of inside) {
    if (!child.name.startsWith(".")) await collect(child, found);
  }
}

async function list(reader, inside) {
  // A folder is read a hundred entries at a time.
  for (let some; (some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length; ) inside.push(...some);
}
