// What the pages do with script, beside what they do without: live parts,
// passkeys, and uploads that go on where they were cut.
"use strict";

// An element with data-live is asked for again each second until the answer
// no longer has that attribute.
async function live(element) {
  for (;;) {
    await new Promise((done) => setTimeout(done, 1000));
    if (document.hidden) continue;
    let answer;
    try {
      answer = await fetch(element.dataset.live, { headers: { "X-Requested-With": "live" } });
    } catch {
      continue; // the server restarts, or the line is cut
    }
    if (answer.status === 401) return location.reload();
    if (!answer.ok) continue;
    const box = document.createElement("template");
    box.innerHTML = await answer.text();
    const next = box.content.firstElementChild;
    if (!next) return;
    if (next.dataset.reload !== undefined) return location.reload();
    const focused = element.contains(document.activeElement) && document.activeElement.id;
    element.replaceWith(next);
    if (focused) document.getElementById(focused)?.focus();
    element = next;
    if (!element.dataset.live) return;
  }
}
document.querySelectorAll("[data-live]").forEach(live);

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json", "X-Requested-With": "script" }, body: body ? JSON.stringify(body) : "",
  });
  if (answer.redirected) location = answer.url;
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function passkey(button) {
  const door = document.querySelector(".who form").action.replace(/\/langue$/, "");
  const register = button.dataset.passkey === "register";
  const path = door + (register ? "/compte/cle" : "/cle");
  try {
    const options = await post(path + "/debut");
    const credential = register
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey) });
    const back = button.dataset.back ? "?" + new URLSearchParams({ retour: button.dataset.back }) : "";
    location = (await post(path + back, credential.toJSON())).suite;
  } catch {
    let notice = button.nextElementSibling;
    if (!notice?.matches(".notice")) {
      notice = document.createElement("p");
      notice.className = "notice bad";
      notice.setAttribute("role", "alert");
      button.after(notice);
    }
    notice.textContent = button.dataset.failed;
  }
}
if (window.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  document.querySelectorAll("[data-passkey]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => passkey(button));
  });
}

// A form with data-upload sends its files part by part before it is sent: what
// has come stays, whatever happens to the connection.
const partSize = 8 << 20;

async function sendFile(address, file, name, told) {
  const path = address + "?" + new URLSearchParams({ nom: name });
  for (let at = 0, pause = 500; at < file.size || file.size === 0;) {
    const end = Math.min(at + partSize, file.size);
    try {
      const answer = await fetch(path, { method: "PUT", body: file.slice(at, end),
        headers: { "X-Requested-With": "script", "Content-Range": `bytes ${at}-${Math.max(end - 1, 0)}/${file.size}` } });
      if (answer.status === 401) return location.reload();
      if (!answer.ok && answer.status !== 409) throw new Error(answer.status);
      at = (await answer.json()).recu;
      told(at);
      pause = 500;
      if (file.size === 0) return;
    } catch {
      told(at, true);
      await new Promise((done) => setTimeout(done, pause));
      pause = Math.min(pause * 2, 10000);
      const known = await fetch(path, { headers: { "X-Requested-With": "script" } }).catch(() => null);
      if (known?.ok) at = (await known.json()).recu;
    }
  }
}

async function upload(event) {
  const form = event.target;
  const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  if (total < 2 * partSize) return; // one request does
  event.preventDefault();
  const bar = document.createElement("progress");
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  bar.max = total;
  form.append(bar, line);
  form.querySelector("button").disabled = true;
  const { id } = await post("/gestion/televersements");
  let before = 0;
  for (const file of files) {
    await sendFile("/gestion/televersements/" + id, file, file.webkitRelativePath || file.name, (done, broken) => {
      bar.value = before + done;
      line.textContent = broken ? form.dataset.failed : file.name;
    });
    before += file.size;
  }
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = "televersement";
  hidden.value = id;
  form.append(hidden);
  form.querySelectorAll("input[type=file]").forEach((input) => { input.disabled = true; });
  form.submit();
}
document.querySelectorAll("form[data-upload]").forEach((form) => form.addEventListener("submit", upload));

document.querySelector("[data-focus]")?.focus();
document.querySelectorAll(".drop input").forEach((input) => {
  for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    input.addEventListener(name, () => input.classList.toggle("over", over));
  }
});
