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

document.querySelector("[data-focus]")?.focus();
document.querySelectorAll(".drop input").forEach((input) => {
  for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    input.addEventListener(name, () => input.classList.toggle("over", over));
  }
});
