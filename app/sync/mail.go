package sync

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"paye/due"
	"paye/due/courrier"
	"paye/hr"
	"paye/internal/anomalie"
	"paye/internal/input"
)

// tell sends the message that ends a run, by the mail of the declarations: to
// their server, or into their outbox when they have none. Without mail.to
// nothing is sent. The message has counts and codes, never a value of a person.
func (j *Job) tell(ctx context.Context, run string, rep *Report, failed error) (where string, err error) {
	if j.Mapping.Mail.To == "" {
		return "", nil
	}
	var body bytes.Buffer
	subject := "Synchronisation RH terminée"
	if failed != nil {
		subject = "Synchronisation RH en échec"
	}
	fmt.Fprintf(&body, "%s : %s\nSource : %s\nEmployeur : %s\n", subject, run, j.source.Name(), j.Mapping.Employeur)
	var a *anomalie.Anomalie
	switch {
	case errors.As(failed, &a):
		fmt.Fprintf(&body, "\n%s %s\n%s\n", a.Code, a.Message(0), a.Aide(0))
	case failed != nil:
		fmt.Fprintf(&body, "\nErreur de la machine ; voir le journal de la commande.\n")
	}
	if rep != nil && rep.Plan != nil {
		p := rep.Plan
		fmt.Fprintf(&body, "\nFiches lues : %d\nAgents créés : %d\nValeurs modifiées : %d\nPartis ou plus visibles : %d\nConflits : %d\nÀ confirmer : %d\nIncomplets : %d\n",
			p.Read, p.Created, len(p.Changes)-p.Created, p.Gone, p.Profils["conflit"], p.Profils["a_confirmer"], p.Profils["incomplet"])
		fmt.Fprintf(&body, "\nLe récapitulatif du mois : xhl hr recap\n")
	}
	return j.post(ctx, "hr-"+run, subject, body.String())
}

// outcomes are the four ends of a fetch in words.
var outcomes = map[hr.Outcome]string{
	hr.Nothing:      "Aucune absence n'a été ajoutée ni supprimée : rien à faire.",
	hr.OnlyAdded:    "Des absences ont été ajoutées : vérifiez le fichier, puis importez le lot.",
	hr.OnlyDeleted:  "Des absences ont été supprimées dans la source : supprimez-les dans la paye, puis importez le lot avec --regularised.",
	hr.AddedDeleted: "Des absences ont été ajoutées et d'autres supprimées : supprimez d'abord, puis importez le lot avec --regularised.",
}

// tellAbsences sends the message that ends a fetch.
func (j *Job) tellAbsences(ctx context.Context, run string, f *Fetched, failed error) (where string, err error) {
	if j.Mapping.Mail.To == "" {
		return "", nil
	}
	if failed != nil {
		return j.tell(ctx, run, nil, failed)
	}
	var body strings.Builder
	fmt.Fprintf(&body, "Lecture des absences : %s\n\n%s\n\nDemi-journées ajoutées : %d\nDemi-journées supprimées : %d\nEn attente d'une décision : %d\n",
		run, outcomes[f.Outcome], len(f.Lot.Content.Added), len(f.Lot.Content.Deleted), f.Parked)
	for _, path := range []string{f.Added, f.Deleted} {
		if path != "" {
			fmt.Fprintf(&body, "Fichier : %s\n", path)
		}
	}
	return j.post(ctx, "hr-absences-"+run, "Lecture des absences terminée", body.String())
}

// post hands one message over.
func (j *Job) post(ctx context.Context, name, subject, text string) (where string, err error) {
	path := j.path(j.Mapping.Mail.Dossier)
	raw, err := input.ReadFile(path, 64<<10)
	if err != nil {
		return "", fmt.Errorf("read the mail settings: %w", err)
	}
	d, err := due.ReadDossier(bytes.NewReader(raw), path)
	if err != nil {
		return "", err
	}
	m := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingB64))
	if err := errors.Join(m.From(d.Expediteur), m.To(j.Mapping.Mail.To)); err != nil {
		return "", courrier.Codes.New("DUE-C02", "mail.to")
	}
	m.Subject(subject)
	m.SetDateWithValue(j.o.Clock.Now())
	m.SetMessageIDWithValue(name + "@xhl.invalid")
	m.SetBodyString(gomail.TypeTextPlain, text)
	var eml bytes.Buffer
	if _, err := m.WriteTo(&eml); err != nil {
		return "", fmt.Errorf("write the message of the run: %w", err)
	}
	beside := func(p string) string {
		if filepath.IsAbs(p) {
			return p
		}
		return filepath.Join(filepath.Dir(path), p)
	}
	if d.SMTP == "" {
		return courrier.Boite{Dossier: filepath.Join(beside(d.Travail), "outbox")}.Put(name, eml.Bytes())
	}
	var pool *x509.CertPool
	if d.SMTPAutorite != "" {
		pem, err := input.ReadFile(beside(d.SMTPAutorite), 1<<20)
		if err != nil {
			return "", fmt.Errorf("read the authority of the mail server: %w", err)
		}
		if pool = x509.NewCertPool(); !pool.AppendCertsFromPEM(pem) {
			return "", courrier.Codes.New("DUE-C20", "smtp_autorite", courrier.PasUnCertificat)
		}
	}
	server := courrier.Serveur{Adresse: d.SMTP, Utilisateur: d.SMTPUtilisateur, MotDePasse: j.o.MailPassword, Autorites: pool}
	if err := server.Send(ctx, d.Expediteur, j.Mapping.Mail.To, eml.Bytes()); err != nil {
		return "", fmt.Errorf("send the message of the run: %w", err)
	}
	return d.SMTP, nil
}
