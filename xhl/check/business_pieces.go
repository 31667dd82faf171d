package check

import (
	"iter"
	"slices"
	"strings"

	"paye/xhl"
	"paye/xhl/internal/schema"
)

// Reference is a PJRef with its place: the reference of a bulletin to a
// justificatif.
type Reference struct {
	xhl.PJRef
	Matricule string
	Offset    int64 // of IdUnique in the journal
	Ligne     int64
	Chemin    string
}

// Fichier is the name of the file that the reference wants. A PJRef without
// NomPJ is known by its IdUnique, whatever its Support, as XéMéLios reads it.
func (r *Reference) Fichier() string {
	if r.NomPJ.V != "" {
		return r.NomPJ.V
	}
	return r.IdUnique
}

// pieceVue is a PJRef of a window.
type pieceVue struct {
	support, id, nom []byte
	withNom          bool
	at               capture
	matricule        []byte
	groupe, rang     int
}

// References holds the distinct files that the PJRef of journals want, to be
// compared with those that came with them. It is bounded: past Max, files are
// not said to be unreferenced.
type References struct {
	Max int // distinct files; 1 << 20 when 0

	files map[string]*Reference
	over  bool
}

// Add adds a reference, as Options.Reference gives it.
func (r *References) Add(ref *Reference) {
	if r.files == nil {
		r.files = make(map[string]*Reference)
	}
	name := ref.Fichier()
	if name == "" {
		return
	}
	if known := r.files[name]; known != nil {
		if !electronic(known.Support) && electronic(ref.Support) {
			known.Support = ref.Support
		}
		return
	}
	if most := r.Max; most > 0 && len(r.files) >= most || most == 0 && len(r.files) >= 1<<20 {
		r.over = true
		return
	}
	r.files[name] = ref
}

// Compare returns an anomaly for each reference whose file is absent, unless
// the document is on paper or on a disc (Support 02 and 03), for each file that
// nothing references, and for each that differs from its reference by case
// only. names are file names without their folder. The anomalies are in the
// order of the names.
func (r *References) Compare(names iter.Seq[string]) []*xhl.Anomalie {
	present, folded := make(map[string]bool), make(map[string]string)
	for name := range names {
		present[name] = true
		folded[strings.ToLower(name)] = name
	}
	var list []*xhl.Anomalie
	taken := make(map[string]bool)
	wanted := make([]string, 0, len(r.files))
	for name := range r.files {
		wanted = append(wanted, name)
	}
	slices.Sort(wanted)
	for _, name := range wanted {
		ref := r.files[name]
		if present[name] {
			taken[name] = true
			continue
		}
		other, near := folded[strings.ToLower(name)]
		code := "XHL-242"
		switch {
		case near:
			code = "XHL-244"
			taken[other] = true
		case !electronic(ref.Support):
			continue
		}
		a := schema.Codes.New(code).At("", ref.Offset, ref.Ligne)
		a.Chemin, a.Matricule, a.Attendu = ref.Chemin, ref.Matricule, schema.Clip(name)
		if near {
			a.Trouve = schema.Clip(other)
		}
		list = append(list, a)
	}
	if r.over {
		return list
	}
	rest := make([]string, 0)
	for name := range present {
		if !taken[name] {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	for _, name := range rest {
		a := schema.Codes.New("XHL-243")
		a.Trouve = schema.Clip(name)
		list = append(list, a)
	}
	return list
}

// electronic reports whether the document of a Support is a file that travels.
func electronic(support string) bool {
	return support == "00" || support == "01" || support == "10"
}
