// The codes of the accountant, kept in this browser when that is asked. Pages
// opened from the same disk can read them: names and payrolls are never there.
"use strict";

const keptKey = "xhl.page.codes.v1";
const keptFields = ["idpost", "codcol", "codbud", "finjur"];

function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(keptKey));
    return kept && typeof kept === "object" ? kept : null;
  } catch {
    return null; // none, or a browser that keeps nothing
  }
}

function remember(settings) {
  try {
    localStorage.setItem(keptKey, JSON.stringify(Object.fromEntries(keptFields.map((f) => [f, settings[f] || ""]))));
    return true;
  } catch {
    return false;
  }
}

function forget() {
  try {
    localStorage.removeItem(keptKey);
  } catch {
    // a browser that keeps nothing has nothing to forget
  }
}
