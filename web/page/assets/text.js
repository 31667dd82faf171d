// Words and numbers in the language of the page.
"use strict";

const page = { lang: (navigator.language || "fr").toLowerCase().startsWith("en") ? "en" : "fr" };

// t is a text in the language of the page; {0}, {1}… are its arguments.
function t(fr, en, ...args) {
  return (page.lang === "en" ? en : unbroken(fr)).replace(/\{(\d)\}/g, (_, i) => args[i]);
}

// unbroken keeps the high signs of French on the line of their word.
const unbroken = (text) => text.replace(/ (?=[;:!?»])/g, "\u00a0").replace(/« /g, "«\u00a0");

// said is a text that the program gave in both languages.
const said = (text) => (text ? text[page.lang] : "");

const locale = () => (page.lang === "en" ? "en-GB" : "fr-FR");
const number = (n) => n.toLocaleString(locale());

// octets writes a size for people; sizes that matter to the byte are in the table of the volumes.
function octets(n) {
  if (n < 1000) return counted(n, t("octet", "byte"), t("octets", "bytes"));
  const [value, unit] = n < 1e6 ? [n / 1e3, t("ko", "kB")] : n < 1e9 ? [n / 1e6, t("Mo", "MB")] : [n / 1e9, t("Go", "GB")];
  return value.toLocaleString(locale(), { maximumFractionDigits: 1 }) + " " + unit;
}

// counted is a number with its noun; in French none is singular.
function counted(n, one, many) {
  return number(n) + " " + (n === 1 || (n === 0 && page.lang === "fr") ? one : many);
}

// monthOf names a month; what is none is shown as it stands.
function monthOf(year, month) {
  if (!/^\d{4}$/.test(year) || !(Number(month) >= 1 && Number(month) <= 12)) return month + "/" + year;
  return new Date(Number(year), Number(month) - 1, 1).toLocaleDateString(locale(), { month: "long", year: "numeric" });
}

// The steps of a work, by the key that the program gives.
function phaseText(key) {
  switch (key) {
    case "pieces": return t("Examen des pièces", "Looking at the pieces");
    case "lecture": return t("Lecture du journal", "Reading the journal");
    case "plan": return t("Calcul des volumes", "Planning the volumes");
    case "ecriture": return t("Écriture et relecture", "Writing and reading back");
    case "bulletins": return t("Édition des bulletins", "Rendering the bulletins");
    case "variations": return t("Comparaison des deux mois", "Comparing the two months");
    case "check": return t("Contrôle", "Checking");
  }
  return t("Travail en cours", "Working");
}
