// <form data-upload="address of uploads">: sends its file in parts by tus 1.0 (https://tus.io/protocols/resumable-upload).
// Where a file is on its way is kept under its name, size and date, so that it goes on after a lost connection or a
// reload. <li data-upload-line> are what the server has of this person's; those it works on are asked about.
// A part is no larger than the server takes in before it gives a thread to it.
const PART = 2 * 1024 * 1024;
const WAITS = [1, 2, 4, 8, 15, 30];
const ASK_EVERY = 1500;
const TUS = { "Tus-Resumable": "1.0.0", Accept: "application/json" };

const form = document.querySelector("[data-upload]");
const words = form?.dataset;
const progress = form?.querySelector("[data-upload-progress]");
const bar = progress?.querySelector("progress");
const status = form?.querySelector("[data-upload-status]");
const told = form?.querySelector("[data-upload-told]");
const stop = form?.querySelector("[data-upload-stop]");
const complaint = form?.querySelector("[data-upload-error]");
const chooser = form?.querySelector("[type=file]");
const button = form?.querySelector("[type=submit]");
const token = document.querySelector("meta[name=csrf-token]");
let running = null;

// What can't be mended by trying again: told in the server's words where it has some.
class Refused extends Error {}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
const wait = (seconds) => new Promise((resolve) => {
  const timer = setTimeout(resolve, seconds * 1000);
  const go = () => { clearTimeout(timer); resolve(); };
  addEventListener("online", go, { once: true });
  running?.signal.addEventListener("abort", go, { once: true });
});
const warn = (event) => event.preventDefault();

const keyOf = (file) => `upload ${words.upload} ${file.name} ${file.size} ${file.lastModified}`;
// Storage may be closed to us or full: then a file starts anew after a reload.
const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const remember = (key, address) => { try { localStorage.setItem(key, address); } catch { /* See above. */ } };
const forget = (key) => { try { localStorage.removeItem(key); } catch { /* See above. */ } };

// One request; resolves with its status, headers and answer, and rejects with TypeError where no answer came.
const send = (method, address, { headers = {}, body = null, moved = () => {} } = {}) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", ({ loaded }) => moved(loaded));
  request.addEventListener("load", () => {
    let answer = {};
    try { answer = JSON.parse(request.responseText || "{}"); } catch { /* Not ours: a proxy's page. */ }
    if (answer.csrf_token) token.content = answer.csrf_token;
    resolve({ code: request.status, header: (name) => request.getResponseHeader(name), answer });
  });
  for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => reject(new TypeError(name)));
  request.open(method, address);
  const all = { ...TUS, ...headers, ...(["GET", "HEAD"].includes(method) ? {} : { "X-CSRFToken": token.content }) };
  for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
  request.timeout = 120000;
  running?.signal.addEventListener("abort", () => request.abort(), { once: true });
  request.send(body);
});

const isOver = (code) => code === 404 || code === 410;
const isPassing = (code) => code >= 500 && code !== 507 || [408, 423, 425, 429].includes(code);
const refuse = ({ code, answer }) => { throw new Refused([401, 403].includes(code) ? words.signedOut : answer.error || words.failed); };

// Whoever hears the page is told of each quarter that is sent, and of all else.
const show = (text, percent, isSending = false) => {
  progress.hidden = false;
  complaint.hidden = true;
  status.textContent = text;
  if (!isSending || percent % 25 === 0) told.textContent = text;
  if (percent === undefined) bar.removeAttribute("value");
  else bar.value = percent;
};

const complain = (text) => {
  complaint.textContent = text;
  complaint.hidden = false;
  progress.hidden = true;
};

const encode = (text) => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));

// Where the server stands with what is kept here of the file, or null where it has to start anew.
const look = async (address) => {
  const found = await send("GET", address);
  if (isOver(found.code) || found.answer.state === "refused") return null;
  if (isPassing(found.code)) throw new TypeError("away");
  if (found.header("Upload-Offset") === null) throw new Refused(words.signedOut);
  return Number(found.header("Upload-Offset"));
};

const create = async (file) => {
  const headers = { "Upload-Length": file.size, "Upload-Metadata": `filename ${encode(file.name)}` };
  const made = await send("POST", words.upload, { headers });
  if (isPassing(made.code) && made.code !== 429) throw new TypeError("away");
  if (made.code !== 201) refuse(made);
  return made.header("Location");
};

// One try: from wherever the server stands to the end. `moved` is called with each part that has arrived.
const sendRest = async (file, moved) => {
  const mine = running;
  const key = keyOf(file);
  const percent = (at) => Math.floor((at / file.size) * 100);
  let address = recall(key);
  let at = address ? await look(address) : null;
  if (at === null) {
    address = await create(file);
    remember(key, address);
    at = 0;
  } else if (at) show(fill(words.resuming, { percent: percent(at) }), percent(at));
  mine.address = address;
  document.querySelector(`[data-upload-line="${CSS.escape(address)}"]`)?.remove();
  while (at < file.size) {
    const showMove = (loaded) => {
      const soFar = percent(at + loaded);
      show(fill(words.sending, { percent: soFar }), soFar, true);
    };
    const headers = { "Upload-Offset": at, "Content-Type": "application/offset+octet-stream" };
    const answer = await send("PATCH", address, { headers, body: file.slice(at, at + PART), moved: showMove });
    if (answer.code === 204) {
      at = Number(answer.header("Upload-Offset"));
      moved(percent(at));
    } else if ([400, 404, 409, 410].includes(answer.code)) throw new TypeError("elsewhere");
    else if (isPassing(answer.code)) throw new TypeError("away");
    else refuse(answer);
  }
  return address;
};

// Asks until the server has come to an end with the file.
const follow = async (address, say) => {
  for (;;) {
    let found;
    try { found = await send("GET", address); } catch { found = { code: 503 }; }
    if (found.answer?.said) say(found.answer.said);
    if (found.answer?.state === "done" || found.answer?.state === "refused" || isOver(found.code)) return found.answer;
    await wait(ASK_EVERY / 1000);
  }
};

const upload = async (file) => {
  const { signal } = running;
  let tries = 0;
  let arrived = 0;
  for (;;) {
    try {
      return await sendRest(file, (percent) => { tries = 0; arrived = percent; });
    } catch (error) {
      if (!(error instanceof TypeError) || signal.aborted) throw error;
      const seconds = WAITS[Math.min(tries, WAITS.length - 1)];
      tries += 1;
      show(fill(words.lost, { percent: arrived, seconds }), arrived);
      await wait(seconds);
      if (signal.aborted) throw error;
    }
  }
};

const begin = async (file) => {
  if (file.size > words.largest * 1024 * 1024) return complain(words.tooLarge);
  const control = new AbortController();
  running = { signal: control.signal, abort: () => control.abort() };
  button.disabled = chooser.disabled = true;
  stop.hidden = false;
  addEventListener("beforeunload", warn);
  show(fill(words.sending, { percent: 0 }), 0);
  try {
    const address = await upload(file);
    removeEventListener("beforeunload", warn);
    stop.hidden = true;
    const end = await follow(address, (said) => show(said));
    forget(keyOf(file));
    if (end.state === "done" && !end.is_known) return location.assign(words.here);
    complain(end.said || words.failed);
  } catch (error) {
    if (!control.signal.aborted) complain(error instanceof Refused ? error.message : words.failed);
  } finally {
    removeEventListener("beforeunload", warn);
    button.disabled = chooser.disabled = false;
  }
};

const drop = async (address) => {
  await send("DELETE", address);
  try {
    for (const key of Object.keys(localStorage)) if (recall(key) === address) forget(key);
  } catch { /* There is no storage. */ }
};

stop?.addEventListener("click", async () => {
  const { address } = running;
  running.abort();
  running = null;
  progress.hidden = true;
  if (address) await drop(address).catch(() => {});
  complain(words.stopped);
});

form?.addEventListener("submit", (event) => {
  const [file] = chooser.files;
  if (!file) return;
  event.preventDefault();
  begin(file);
});

const begun = (address) => {
  try { return Object.entries(localStorage).find(([, kept]) => kept === address)?.[0]; } catch { return undefined; }
};

for (const line of document.querySelectorAll("[data-upload-line]")) {
  const address = line.dataset.uploadLine;
  const said = line.querySelector("[data-upload-said]");
  const remove = line.querySelector("[data-upload-drop]");
  remove.hidden = line.hasAttribute("data-worked-on");
  remove.addEventListener("click", async () => {
    try { await drop(address); line.remove(); } catch { said.textContent = words.failed; }
  });
  if (line.hasAttribute("data-worked-on")) {
    follow(address, (text) => { said.textContent = text; }).then((end) => {
      if (end.state === "done" && !end.is_known) location.assign(words.here);
      remove.hidden = false;
    });
  } else if (begun(address)) said.textContent = fill(words.again, { percent: line.dataset.percent });
}
