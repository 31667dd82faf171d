package build

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"paye/internal/anomalie"
	"paye/internal/manifest"
	"paye/internal/refdata"
	"paye/splitter"
	"paye/synth"
	"paye/xhl/run"
)

// lu is a volume as the standard library reads it.
type volumeRead struct {
	nomFic string
	xhl    []byte
	id     string            // IdUnique of the payroll piece
	nom    string            // of the journal inside
	pieces map[string][]byte // by IdUnique for the packaging pieces, by NomPJ otherwise
}

func readVolume(t *testing.T, file []byte, format, packaging string) volumeRead {
	t.Helper()
	v := volumeRead{pieces: make(map[string][]byte)}
	archive := func(data []byte) {
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range z.File {
			r, err := e.Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				v.nom, v.xhl = e.Name, content
				continue
			}
			if !regexp.MustCompile(`^PJ/\d{14}/[^/]+$`).MatchString(e.Name) || v.pieces[path.Base(e.Name)] != nil {
				t.Errorf("entry %s is misplaced or there twice", e.Name)
			}
			v.pieces[path.Base(e.Name)] = content
		}
	}
	switch format {
	case FormatXHL:
		v.xhl = file
	case FormatZip:
		archive(file)
	default:
		var flux struct {
			NomFic struct {
				V string `xml:",attr"`
			} `xml:"Enveloppe>Parametres>NomFic"`
			PJ []struct {
				Fichier  string `xml:"Contenu>Fichier"`
				IdUnique struct {
					V string `xml:",attr"`
				}
				NomPJ struct {
					V string `xml:",attr"`
				}
			} `xml:"PES_PJ>PJ"`
		}
		d := xml.NewDecoder(bytes.NewReader(file))
		d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return charmap.ISO8859_1.NewDecoder().Reader(r), nil }
		if err := d.Decode(&flux); err != nil {
			t.Fatal(err)
		}
		v.nomFic, v.id = flux.NomFic.V, flux.PJ[0].IdUnique.V
		for i, pj := range flux.PJ {
			z, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(pj.Fichier)))
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case i > 0:
				v.pieces[pj.IdUnique.V] = content
			case packaging == EnArchive:
				archive(content)
			default:
				v.nom, v.xhl = pj.NomPJ.V, content
			}
		}
		if n := len(flux.PJ) - 1; packaging == EnPieces && len(v.pieces) != n {
			t.Errorf("%d pieces, %d identifiers", n, len(v.pieces))
		}
	}
	return v
}

var (
	bulletinPattern = regexp.MustCompile(`(?s)<PayeIndivMensuel>.*?</PayeIndivMensuel>`)
	pjrefPattern    = regexp.MustCompile(`(?s)\s*<PJRef>.*?<IdUnique V="([^"]*)"/>\s*<NomPJ V="([^"]*)"/>\s*</PJRef>`)
	matriculePat    = regexp.MustCompile(`<Matricule V="([^"]*)"/>`)
)

// index is what justificatifs.csv says: the file of each identifier, the
// identifiers of each matricule.
func index(t *testing.T, dir string) (fichier map[string]string, of map[string][]string) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "justificatifs.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = ';'
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	fichier, of = make(map[string]string), make(map[string][]string)
	for _, l := range lines[1:] {
		fichier[l[1]] = l[2]
		of[l[0]] = append(of[l[0]], l[1])
	}
	return fichier, of
}

// journalOf is the journal that a request starts from; that of a run is the one
// it encodes to.
func journalOf(t *testing.T, path string) []byte {
	t.Helper()
	if filepath.Ext(path) == ".jsonl" {
		var b bytes.Buffer
		if err := Encode(context.Background(), path, &b, run.EncodeOptions{}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// checkSet holds a set against its run: nothing more, nothing less, nothing
// altered.
func checkSet(t *testing.T, dir string, dem *demand, m *manifest.Manifest) {
	t.Helper()
	journal := journalOf(t, dem.Entree)
	fichier, of := index(t, dir)
	content := make(map[string][]byte) // by IdUnique
	for id, name := range fichier {
		var err error
		if content[id], err = os.ReadFile(filepath.Join(dir, "justificatifs", name)); err != nil {
			t.Fatal(err)
		}
	}
	want := make(map[string]int)
	for _, b := range bulletinPattern.FindAll(journal, -1) {
		want[string(pjrefPattern.ReplaceAll(b, nil))]++
	}
	outside := func(doc []byte) string { // what is around the bulletins
		before, _, _ := bytes.Cut(doc, []byte("<DonneesIndiv>"))
		_, after, _ := bytes.Cut(doc, []byte("<Nomenclatures>"))
		nomenclatures, _, _ := bytes.Cut(after, []byte("</Nomenclatures>"))
		return string(before) + string(nomenclatures)
	}
	repartition := func(doc []byte) string {
		_, after, _ := bytes.Cut(doc, []byte("<RepartitionParNature>"))
		inside, _, _ := bytes.Cut(after, []byte("</RepartitionParNature>"))
		return string(inside)
	}
	seen := make(map[string]int)       // pieces in the set, by IdUnique
	referenced := make(map[string]int) // and in the bulletins
	identity := make(map[string]int)   // NomFic, IdUnique and names, once each
	got := make(map[string]int)
	for _, vm := range m.Volumes {
		file, err := os.ReadFile(filepath.Join(dem.Sortie, vm.Fichier))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(file)
		if int64(len(file)) != vm.Octets || vm.Octets > dem.Limit || hex.EncodeToString(sum[:]) != vm.SHA256 {
			t.Errorf("%s: %d bytes, %d planned, limit %d, or another digest", vm.Fichier, len(file), vm.Octets, dem.Limit)
		}
		v := readVolume(t, file, dem.Format, dem.Packaging)
		identity[v.nomFic]++
		identity[v.id]++
		identity[v.nom]++
		if v.nomFic != vm.NomFic || v.id != vm.IdUnique {
			t.Errorf("%s: NomFic %s, IdUnique %s; the manifest says %s, %s", vm.Fichier, v.nomFic, v.id, vm.NomFic, vm.IdUnique)
		}
		if outside(v.xhl) != outside(journal) {
			t.Errorf("%s: head or nomenclatures differ from the source", vm.Fichier)
		}
		switch r := repartition(v.xhl); {
		case vm.N > 1 && r != "":
			t.Errorf("%s: a répartition par nature", vm.Fichier)
		case vm.N == 1 && r != repartition(journal):
			t.Errorf("%s: répartition %s\nwant %s", vm.Fichier, r, repartition(journal))
		}
		bulletins := bulletinPattern.FindAll(v.xhl, -1)
		if len(bulletins) != vm.Bulletins {
			t.Errorf("%s: %d bulletins, the manifest says %d", vm.Fichier, len(bulletins), vm.Bulletins)
		}
		inVolume := make(map[string]bool)
		for _, b := range bulletins {
			got[string(pjrefPattern.ReplaceAll(b, nil))]++
			matricule := string(matriculePat.FindSubmatch(b)[1])
			var ids []string
			for _, ref := range pjrefPattern.FindAllSubmatch(b, -1) {
				id, nom := string(ref[1]), string(ref[2])
				ids = append(ids, id)
				referenced[id]++
				inVolume[id] = true
				if dem.Format == FormatZip || dem.Format == FormatPES && dem.Packaging == EnArchive {
					if !bytes.Equal(v.pieces[nom], content[id]) {
						t.Errorf("%s: %s of matricule %s is missing or altered", vm.Fichier, nom, matricule)
					}
				}
			}
			if slices.Sort(ids); !slices.Equal(ids, slices.Sorted(slices.Values(of[matricule]))) {
				t.Errorf("matricule %s references %q, the index says %q", matricule, ids, of[matricule])
			}
		}
		listed := make(map[string]bool)
		for _, id := range vm.Pieces {
			seen[id]++
			listed[id] = true
			if dem.Format == FormatPES && dem.Packaging == EnPieces && !bytes.Equal(v.pieces[id], content[id]) {
				t.Errorf("%s: piece %s is missing or altered", vm.Fichier, id)
			}
		}
		if dem.Format != FormatXHL && (len(listed) != len(vm.Pieces) || len(v.pieces) != len(vm.Pieces)) {
			t.Errorf("%s holds %d pieces, the manifest lists %q", vm.Fichier, len(v.pieces), vm.Pieces)
		}
		if dem.Format == FormatZip || dem.Format == FormatPES && dem.Packaging == EnArchive {
			for _, id := range of[General] {
				inVolume[id] = listed[id]
			}
			maps.DeleteFunc(inVolume, func(_ string, there bool) bool { return !there })
			if diff := cmp.Diff(inVolume, listed); diff != "" {
				t.Errorf("%s: pieces (-referenced +listed):\n%s", vm.Fichier, diff)
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("%d bulletins, or other ones than the %d of the source", len(got), len(want))
	}
	if dem.Format != FormatXHL {
		for id := range content {
			general := slices.Contains(of[General], id)
			if once := general || dem.Packaging == EnPieces && dem.Format == FormatPES; seen[id] == 0 || once && seen[id] != 1 {
				t.Errorf("piece %s is in %d volumes", id, seen[id])
			}
			if !general && referenced[id] == 0 {
				t.Errorf("piece %s is referenced by nobody", id)
			}
		}
	}
	delete(identity, "")
	for name, n := range identity {
		if n > 1 {
			t.Errorf("%s names %d volumes", name, n)
		}
	}
}

func TestSetsHoldWhatTheRunHolds(t *testing.T) {
	shapes := []struct{ format, packaging string }{{FormatPES, EnArchive}, {FormatPES, EnPieces}, {FormatZip, EnArchive}, {FormatXHL, EnArchive}}
	validated := make(map[string]bool)
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 3))
		o := synth.Options{Bulletins: 1 + rng.IntN(40), Seed: seed, Journal: true, Profil: synth.Profil(rng.IntN(2)), References: synth.References(rng.IntN(2))}
		o.Pieces = rng.IntN(min(6, 2*o.Bulletins) + 1)
		if o.Pieces == 0 {
			o.Pieces = synth.AucunePiece
		}
		dir := paye(t, o)
		shape := shapes[seed%4]
		dem := demande(filepath.Join(dir, []string{"journal.xhl", "run.jsonl"}[rng.IntN(2)]), filepath.Join(t.TempDir(), "out"), 1<<40)
		dem.Format, dem.Packaging, dem.Workers = shape.format, shape.packaging, 4
		dem.GardeOrdre, dem.Equilibre, dem.Ensemble = rng.IntN(3) == 0, rng.IntN(3) == 0, splitter.Classe(rng.IntN(3))
		d, err := Prepare(context.Background(), dem.Request, dem.Watch)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		whole := d.Plan.Volumes[0].Octets
		d.Close()
		dem.Limit = whole / int64(1+rng.IntN(5))
		if rng.IntN(4) == 0 {
			dem.Mode, dem.Par = splitter.Nombre, 1+rng.IntN(o.Bulletins)
		}
		name := fmt.Sprintf("seed %d, %s %s %s, %d bulletins, %d pieces, limit %d of %d", seed, dem.Format, dem.Packaging, dem.Mode, o.Bulletins, o.Pieces, dem.Limit, whole)
		t.Run(name, func(t *testing.T) {
			var m *manifest.Manifest
			for {
				_, m, err = build(context.Background(), dem)
				a := (*anomalie.Anomalie)(nil)
				if errors.As(err, &a) && a.Classe() == anomalie.TropGrand && dem.Limit < 2*whole {
					dem.Limit += dem.Limit/2 + 1
					continue
				}
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d volumes, bound %d, limit %d", len(m.Volumes), m.BorneInf, dem.Limit)
			checkSet(t, dir, dem, m)
			if m.BorneInf > len(m.Volumes) {
				t.Errorf("bound %d for %d volumes", m.BorneInf, len(m.Volumes))
			}
			alone := *dem
			alone.Sortie, alone.Workers, alone.Progress = filepath.Join(t.TempDir(), "alone"), 1, nil
			if _, _, err := build(context.Background(), &alone); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(files(t, dem.Sortie), files(t, alone.Sortie)); diff != "" {
				t.Errorf("4 workers and 1 differ (-4 +1):\n%s", diff)
			}
			if key := dem.Format + dem.Packaging; dem.Format == FormatPES && !validated[key] {
				validated[key] = xmllint(t, dem.Sortie, m)
			}
		})
	}
}

// xmllint holds the first volume of a set against the official schema, and
// reports whether it could.
func xmllint(t *testing.T, dir string, m *manifest.Manifest) bool {
	schema := filepath.Join(refdata.Dir(t), "data", "pes", "v5.30-pj", "PES_V2", "Rev0", "PES_Aller.xsd")
	if _, err := os.Stat(schema); err != nil {
		t.Logf("not validated: %v", err)
		return false
	}
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Logf("not validated: %v", err)
		return false
	}
	if out, err := exec.Command(lint, "--huge", "--nonet", "--noout", "--schema", schema, filepath.Join(dir, m.Volumes[0].Fichier)).CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
	return true
}
