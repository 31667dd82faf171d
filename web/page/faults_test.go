package page

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"paye/app/send/sendtest"
	"paye/web/ui/uitest"
)

// tenFaults are what is put in the place of what in the journal, once each.
var tenFaults = [][2]string{
	{`<Annee V="2026"`, `<Annee V="26"`},
	{`<Mois V="05"`, `<Mois V="13"`},
	{`<MtBrut V="`, `<MtBrut V="x`},
	{`<NbUnite V="0"`, `<NbUnite V="O"`},
	{`<Ordre V="1000"`, `<Ordre V="premier"`},
	{`<DateDebut V="2026-05-01"`, `<DateDebut V="01/05/2026"`},
	{`<CP V="96150"`, `<CodePostal V="96150"`},
	{`<Civilite V="M."`, `<Civilite V="Monsieur le directeur"`},
	{`<NIR V="1`, `<NIR V="A1`},
	{`<Echelon V="9"`, `<Echelon X="9"`},
}

// A month with ten faults: the same verdict, and each fault on the page with
// what to do.
func TestMonthWithTenFaults(t *testing.T) {
	k := newKit(t)
	dir := month(t)
	path := filepath.Join(dir, "journal.xhl")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, f := range tenFaults {
		if !strings.Contains(text, f[0]) {
			t.Fatalf("the journal has no %s", f[0])
		}
		text = strings.Replace(text, f[0], f[1], 1)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w := openPage(t, k)
	w.dropFolder(dir)
	w.done("state.check")
	sameLines(t, "check", w.told("state.check"), lines(t, k.xhl(t, dir, "check", "--json", "journal.xhl")))
	if n := uitest.Eval[int](w.Browser, "state.check.lines.at(-1).erreurs"); n < len(tenFaults) {
		t.Errorf("%d errors for %d faults", n, len(tenFaults))
	}
	w.Wait("À corriger avant l’envoi")
	shown := w.Text()
	for _, code := range uitest.Eval[[]string](w.Browser, "state.check.view.groups.map(g => g.code)") {
		if !strings.Contains(shown, code) {
			t.Errorf("%s is not on the page", code)
		}
	}
	w.Look(1280, "light")
	w.Shot("page-fautes")
	w.Judge("faults")
	// What the command refuses to plan is refused here, by the same code.
	out := k.refusal(t, dir, "plan", "--json", "--format", "zip", "--limit", "128Mo", "journal.xhl")
	if code := uitest.Eval[string](w.Browser, "state.plan?.fault?.code || ''"); code != out {
		t.Errorf("the page refuses the plan with %q, the command with %q", code, out)
	}
}

// An acquittal that refuses a piece, beside its volumes.
func TestAcquittalWithARefusal(t *testing.T) {
	k := newKit(t)
	dir := month(t)
	k.xhl(t, dir, "build", "--no-ledger", "--packaging", "pieces", "--limit", "2Mo", "--date", "2026-06-03", "--idpost", "006111", "--codcol", "123", "--codbud", "00", "-o", "volumes", "journal.xhl")
	volumes := filepath.Join(dir, "volumes")
	flux, err := os.ReadFile(filepath.Join(volumes, "volume-01.xml"))
	if err != nil {
		t.Fatal(err)
	}
	refused := map[string]sendtest.Refusal{}
	at := strings.LastIndex(string(flux), `<IdUnique V="`) // of a justificatif: the payroll comes first
	_, id, _ := strings.Cut(string(flux[at:]), `"`)
	id, _, _ = strings.Cut(id, `"`)
	refused[id] = sendtest.Refusal{NumAnoAck: "ERREUR_DOUBLON_PJ", Libelle: "doublon"}
	if err := os.WriteFile(filepath.Join(volumes, "acquit.xml"), sendtest.Acquit(t, flux, "2026-06-04", refused), 0o600); err != nil {
		t.Fatal(err)
	}
	w := openPage(t, k)
	w.dropFolder(volumes)
	w.done("state.check")
	want := lines(t, k.xhl(t, volumes, "check", "--json", "."))
	sameLines(t, "check", w.told("state.check"), want)
	w.Wait("Le comptable refuse des pièces")
	w.Shot("page-refus")
	w.Judge("refusal")
	// And alone.
	w.Click("#drop button.danger")
	w.drop(filepath.Join(volumes, "acquit.xml"))
	w.done("state.check")
	sameLines(t, "acquittal", w.told("state.check"), lines(t, k.xhl(t, volumes, "check", "--json", "acquit.xml")))
	w.Wait("refusées : 1")
}

// A journal that changed after it was chosen, two papers for one month, a
// folder without a payroll: said, not guessed.
func TestBadDropsAreSaid(t *testing.T) {
	k := newKit(t)
	dir := month(t)
	w := openPage(t, k)
	w.drop(filepath.Join(dir, "justificatifs.csv"))
	w.done("state.sortFault")
	w.Wait("REC-101")
	w.Click("#drop button.danger")
	w.dropFolder(dir)
	w.done("state.plan")
	if err := os.WriteFile(filepath.Join(dir, "journal.xhl"), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	uitest.Eval[bool](w.Browser, "!(state.mounted = false)") // what was read is not kept
	w.Click("#recalculer")
	w.done("state.problem")
	w.Wait("a changé sur le disque")
}

// Codes are kept when that is asked only, and forgotten by a button.
func TestCodesAreRememberedWhenAsked(t *testing.T) {
	k := newKit(t)
	dir := month(t)
	w := openPage(t, k)
	fill := func() {
		w.dropFolder(dir)
		w.done("state.plan || state.wrong?.length")
		w.Click("input[name=format][value=pes]")
	}
	fill()
	w.set("idpost", "006111")
	w.Click("#f-remember")
	w.Do(chromedp.Reload())
	w.ready()
	fill()
	if got := uitest.Eval[string](w.Browser, `document.getElementById("f-idpost").value`); got != "006111" {
		t.Errorf("the page remembers %q", got)
	}
	if kept := uitest.Eval[string](w.Browser, "JSON.stringify(Object.values(localStorage))"); strings.Contains(kept, "Castelbrume") || strings.Contains(kept, "21967564200017") {
		t.Errorf("more is kept than codes: %s", kept)
	}
	w.Click("#oublier")
	if kept := uitest.Eval[int](w.Browser, "localStorage.length"); kept != 0 {
		t.Errorf("%d things are kept after forgetting", kept)
	}
}
