package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// frenchVerbs are verbs that no identifier begins with: what a function does is
// said in English. A participle that is the state of a document (Accepte,
// Refuse, Emise) is a noun of the domain and is not here.
var frenchVerbs = []string{
	"ajoute", "ajouter", "affiche", "afficher", "appelle", "attend", "calcule", "calculer", "charger", "cherche", "chercher",
	"choisit", "choisir", "constate", "convertir", "copier", "creer", "decoupe", "dessine", "devient",
	"ecrire", "ecrit", "efface", "effacer", "envoie", "envoyer", "fabrique", "ferme", "fermer", "finir", "genere", "generer",
	"inventorie", "lire", "melange", "modifie", "nomme", "noircit", "obtenir", "ouvre", "ouvrir",
	"parcourt", "prend", "prolonge", "regroupe", "remplace", "remplacer", "rend", "retirer", "retient", "supprime", "supprimer",
	"tremble", "trie", "trier", "trouve", "trouver", "utilise", "valide", "valider", "verifie", "verifier",
}

// files reads every Go file below root, tests among them; path is relative to
// it, with slashes.
func files(t *testing.T, root string, f func(path string, fset *token.FileSet, file *ast.File)) {
	t.Helper()
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (strings.HasPrefix(e.Name(), ".") && path != root || e.Name() == "testdata" || e.Name() == "bench") {
			return filepath.SkipDir
		}
		if e.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		f(filepath.ToSlash(rel), fset, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// declared lists every function and method that a folder of Go files declares,
// with its place.
func declared(t *testing.T, root string, f func(pos token.Position, name string)) {
	t.Helper()
	files(t, root, func(_ string, fset *token.FileSet, file *ast.File) {
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				f(fset.Position(fn.Pos()), fn.Name.Name)
			}
		}
	})
}

// firstWord is the first word of a camel-case name, in lower case.
func firstWord(name string) string {
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			return strings.ToLower(name[:i])
		}
	}
	return strings.ToLower(name)
}

func TestFunctionsHaveEnglishVerbs(t *testing.T) {
	n := 0
	declared(t, filepath.Join("..", ".."), func(pos token.Position, name string) {
		n++
		if slices.Contains(frenchVerbs, firstWord(name)) {
			t.Errorf("%s: %s begins with a French verb; the mechanism is named in English (CONTRIBUTING.md)", pos, name)
		}
	})
	if n < 1000 {
		t.Fatalf("%d functions found only", n)
	}
}
