// The page: what was dropped, what it is, what becomes of it.
"use strict";

const host = new Host();
const kept = recall();

const state = {
  ready: false,
  fault: null, // what keeps the page from working at all
  files: new Map(), // what was dropped, by name
  mounted: false,
  drop: null, // what the program makes of it
  busy: null, // the work under way
  settings: { format: "zip", limit: "128Mo", mode: "", par: "", packaging: "archive", level: "auto", date: "", idpost: "", codcol: "", codbud: "", finjur: "", ...kept },
  remember: kept !== null,
  check: null, // answer of the last check
  plan: null,
  built: null,
  set: null, // answer of reading back what was built
  saved: null, // the folder that it was written into
  stopped: "", // the section whose work was cancelled
};

// nothing is what is known of a drop before it was looked at.
const nothing = { drop: null, sortFault: null, check: null, index: null, plan: null, wrong: null, built: null, set: null, saved: null, slips: null, months: null, problem: null, given: false };

// work runs one piece of work at a time, told in the box of the section it is for.
async function work(where, label, act) {
  if (state.busy) return;
  state.busy = { where, label, done: 0, total: 0 };
  state.stopped = "";
  render();
  try {
    await starting; // of a worker whose forerunner was stopped
    await act();
  } catch (e) {
    if (e instanceof Stopped) state.stopped = where;
    else state.problem = { where, text: e.message };
  }
  state.busy = null;
  if (!host.worker) await restart();
  render();
}

let starting = null; // of the worker

// cancel stops the work under way, and nothing else: who clicks twice stops no
// worker that is starting for the next one.
function cancel() {
  if (state.busy) host.stop();
}

function restart() {
  starting = startWorker();
  return starting;
}

async function startWorker() {
  state.mounted = false;
  try {
    await host.start();
    state.ready = true;
  } catch (e) {
    if (!(e instanceof Stopped)) state.fault = e.message; // the work that was waiting for it ends, and starts another
  }
}

host.onprogress = ({ phase, done, total }) => {
  if (!state.busy) return;
  Object.assign(state.busy, { label: phaseText(phase), done, total });
  showBusy();
};

// ask asks the program, and tells what only the page knows of a failure.
async function ask(wish) {
  state.problem = null;
  const { answer, full, changed, shared } = await host.call("ask", { ask: wish });
  state.shared = shared; // parts of all works that the second worker did
  if (changed) throw new Error(t("{0} a changé sur le disque depuis que vous l’avez choisi : déposez-le de nouveau", "{0} changed on the disk since you chose it: drop it again", changed));
  if (full) throw new Error(t("ce travail demande plus que les {0} que la page peut tenir en mémoire : utilisez la commande xhl", "this work wants more than the {0} that the page can hold in memory: use the command xhl", octets(host.bound)));
  return answer;
}

async function mountDrop() {
  if (state.mounted) return;
  await host.call("empty", { folders: ["/in", "/avant", "/tmp", "/out"] });
  await host.mount("/in", [...state.files]);
  state.mounted = true;
}

// take adds what was given, and looks at it.
async function take(list) {
  if (state.busy || !list.length) return;
  state.files = known(state.files, list);
  Object.assign(state, { mounted: false, ...nothing });
  await look();
}

// look tells what was dropped: a payroll to prepare, or files to judge.
function look() {
  return work("drop", t("Examen de ce qui est déposé", "Looking at what was dropped"), async () => {
    await mountDrop();
    const isSet = [...state.files.keys()].some((name) => name.split("/").pop() === "manifest.json");
    const sorted = isSet ? null : await ask({ do: "sort", folder: "/in" });
    state.drop = sorted && !sorted.fault ? sorted.view : null;
    state.sortFault = sorted?.fault || null;
    const others = !state.drop && (!sorted || ["REC-101", "REC-102"].includes(sorted.fault.code));
    if (state.drop) {
      await runCheck([state.drop.Entree]);
      await runPlan();
    } else if (others) {
      await runCheck(state.files.size === 1 ? [...state.files.keys()] : ["."]);
    }
  });
}

async function runCheck(paths) {
  state.check = await ask({ do: "check", folder: "/in", paths, limit: "" });
}

async function runPlan() {
  state.plan = null;
  state.wrong = incomplete();
  if (state.wrong.length) return;
  Object.assign(state, { built: null, set: null, saved: null, slips: null });
  state.plan = await ask({ do: "plan", folder: "/in", settings: state.settings });
}

// incomplete are the boxes that must be filled in before volumes can be planned.
function incomplete() {
  const s = state.settings;
  const wrong = [];
  if (!s.limit) wrong.push(["limit", t("La limite d’un volume manque.", "The limit of a volume is missing.")]);
  if (s.mode === "nombre" && !(Number(s.par) >= 1)) wrong.push(["par", t("Combien de bulletins par volume ?", "How many bulletins a volume?")]);
  if (s.format === "pes") {
    for (const [name, label] of [["idpost", "IdPost"], ["codcol", "CodCol"], ["codbud", "CodBud"]]) {
      if (!s[name]) wrong.push([name, t("Un flux PES demande {0} : votre comptable le donne.", "A PES flux needs {0}: your accountant gives it.", label)]);
    }
  }
  return wrong;
}

// room is whether the volumes fit beside the book in the memory of the tab.
function room(plan) {
  const need = plan.view.need + plan.view.octets / 4;
  return { need, fits: need < host.bound * 0.9 };
}

function startBuild() {
  if (state.remember) remember(state.settings);
  return work("build", t("Construction des volumes", "Building the volumes"), async () => {
    await mountDrop();
    await host.call("empty", { folders: ["/out"] });
    state.built = null;
    const answer = await ask({ do: "build", folder: "/in", settings: state.settings });
    if (!answer.fault) {
      answer.files = await host.call("give", { folder: "/out/volumes" });
      answer.files.sort(([a], [b]) => (a === "manifest.json") - (b === "manifest.json") || (a < b ? -1 : 1));
      // The set is read again as the command reads one, from what is handed over.
      await host.call("empty", { folders: ["/out"] });
      await host.mount("/out/volumes", answer.files);
      state.set = await ask({ do: "check", folder: "/out", paths: ["volumes"], limit: String(answer.view.manifest.limit) });
    }
    state.built = answer;
  });
}

// saveFolder writes the volumes into a folder and judges them as they are there.
async function saveFolder() {
  let folder;
  try {
    folder = await window.showDirectoryPicker({ id: "xhl-volumes", mode: "readwrite" });
  } catch {
    return; // nothing was chosen
  }
  await saveInto(folder);
}

function saveInto(folder) {
  return work("build", t("Écriture dans le dossier", "Writing into the folder"), async () => {
    const total = state.built.files.length;
    await writeInto(folder, state.built.files, (done) => {
      Object.assign(state.busy, { done, total });
      showBusy();
    }, () => {
      if (!host.worker) throw new Stopped();
    });
    const files = await readBack(folder, state.built.files.map(([name]) => name));
    await host.call("empty", { folders: ["/out"] });
    await host.mount("/out/volumes", files);
    state.set = await ask({ do: "check", folder: "/out", paths: ["volumes"], limit: String(state.built.view.manifest.limit) });
    state.saved = folder.name;
  });
}

function saveZip() {
  const m = state.built.view.manifest;
  return work("build", t("Préparation du zip", "Making the zip"), async () => {
    download("paye-" + [m.siret, m.annee, m.mois].join("-") + ".zip", await host.call("zip", { list: state.built.files }));
  });
}

function clearAll() {
  Object.assign(state, { files: new Map(), mounted: false, ...nothing });
  host.call("empty", { folders: ["/in", "/avant", "/tmp", "/out"] }).catch(() => {});
  render();
}

function wire() {
  document.documentElement.classList.add("script");
  const over = (on) => document.getElementById("drop-zone")?.classList.toggle("over", on);
  addEventListener("dragover", (e) => { e.preventDefault(); over(true); });
  addEventListener("dragleave", () => over(false));
  addEventListener("drop", async (e) => {
    e.preventDefault();
    over(false);
    const taken = takeDrop(e.dataTransfer);
    take(await fromDrop(taken));
  });
  addEventListener("beforeunload", (e) => { if (state.busy || (state.built?.files && !state.saved && !state.given)) e.preventDefault(); });
}

async function begin() {
  wire();
  render();
  if (missing.length) {
    state.fault = t("ce navigateur n’a pas ce qu’il faut ({0}) ; Firefox 113, Chrome et Edge 103, Safari 16.4 et leurs suivants l’ont", "this browser lacks what is needed ({0}); Firefox 113, Chrome and Edge 103, Safari 16.4 and later have it", missing.join(", "));
    return render();
  }
  await restart();
  render();
  performance.mark("ready");
}
