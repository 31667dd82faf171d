package gestion

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/app/hire"
	"paye/vault"
)

const dueSettings = `raison_sociale=Commune d'Exemple
siret=732 829 320 00074
ape=8411Z
code_urssaf=737
adresse1=1 place de la Mairie
code_postal=31000
ville=Toulouse
telephone=0500000000
service_sante=MT348
profil=Bureau
a=centre@exemple.org
sujet=Declarations
note=Ci-joint.
identite=paie@exemple.fr
expediteur=paie@exemple.fr
cles=cles
travail=travail
cle_destinataire=destinataire.asc
cle_propre=nous.asc
`

const dueHires = `matricule;nom_naissance;prenom;sexe;nir;cle_nir;date_naissance;ville_naissance;departement_naissance;contrat;date_debut;heure_debut;nature;date_fin;essai_jours
A001;DURAND;JEANNE;F;2550814168025;38;1955-08-12;CAEN;14;C1;2026-12-01;08:30;CDD;2026-12-31;0
A002;MARTIN;;M;2550814168025;38;1955-08-12;CAEN;14;C2;2026-12-01;08:30;CDD;2026-12-31;0
`

func TestHiresAreCheckedForWhoDeposits(t *testing.T) {
	b := newBench(t)
	file := filepath.Join(t.TempDir(), "due.conf")
	if err := os.WriteFile(file, []byte(dueSettings), 0o600); err != nil {
		t.Fatal(err)
	}
	b.o.Hire = func(ctx context.Context, who string) (*hire.Bureau, error) {
		return hire.Open(ctx, hire.Options{Dossier: file, Ledger: b.dir, Qui: who, Now: b.now, Random: rand.Reader})
	}
	v := b.user(t, "claire", "73282932000074", vault.DroitDepot)
	v.Get("/gestion/declarations").Want(t, 200, "Aucune déclaration n’est encore en cours")
	got := drop(t, v, "/gestion/declarations/controler", "embauches.csv="+dueHires).Want(t, 200, "à corriger avant la déclaration")
	if !got.Has("Embauches 2 À déclarer 1") {
		t.Errorf("got %s", got.Text())
	}
	drop(t, v, "/gestion/declarations/controler").Want(t, 422, "Aucun fichier n'a été choisi")
	b.user(t, "eve", "13002526500013", vault.Droits...).Get("/gestion/declarations").Want(t, 404, "n’existe pas")
	if left, err := filepath.Glob(filepath.Join(b.folder(), "depot-*")); err != nil || len(left) > 0 {
		t.Errorf("left on the disk: %v, %v", strings.Join(left, ", "), err)
	}
}
