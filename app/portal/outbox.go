package portal

import (
	"context"
	"log/slog"
	"sync"

	"paye/internal/lang"
)

// Message is a mail to an agent: plain text, no document, no amount.
type Message struct {
	To      string
	Subject string
	Text    string
}

// Mailer hands one message over.
type Mailer interface {
	Send(ctx context.Context, m Message) error
}

// outbox sends beside the request that asks for it: how long an answer takes
// says nothing of whether a mail went out. What cannot be sent after three
// tries is given up; what it told is in the trace of the account.
type outbox struct {
	mailer Mailer
	log    *slog.Logger
	queue  chan Message
	done   sync.WaitGroup
}

// maxWaiting bounds the messages that wait; more are dropped and logged.
const maxWaiting = 10_000

func startOutbox(m Mailer, log *slog.Logger) *outbox {
	o := &outbox{mailer: m, log: log, queue: make(chan Message, maxWaiting)}
	o.done.Go(func() {
		for msg := range o.queue {
			o.deliver(msg)
		}
	})
	return o
}

func (o *outbox) deliver(m Message) {
	if o.mailer == nil {
		return
	}
	var err error
	for range 3 {
		if err = o.mailer.Send(context.Background(), m); err == nil {
			return
		}
	}
	o.log.Error("mail to an agent was given up", "err", err)
}

func (o *outbox) put(m Message) {
	select {
	case o.queue <- m:
	default:
		o.log.Error("mail to an agent was dropped: too many wait")
	}
}

func (o *outbox) close() {
	close(o.queue)
	o.done.Wait()
}

// SendsMail reports whether mails go out.
func (p *Portal) SendsMail() bool { return p.o.Mail != nil }

// post sends a message in the language of an account. args fill the verbs of
// the text.
func (p *Portal) post(a *Account, to string, subject, text lang.Text, args ...any) {
	if to == "" || !p.SendsMail() {
		return
	}
	l := lang.Choose(a.Lang)
	foot := lang.Text{FR: "\n\nCe message ne demande jamais de mot de passe. Une seule adresse : %s\n", EN: "\n\nThis message never asks for a password. One address only: %s\n"}
	p.outbox.put(Message{To: to, Subject: subject.In(l), Text: text.In(l, args...) + foot.In(l, p.o.Address)})
}

// tell sends a notice of something that touches the safety of the account to
// its proved address, with the way to say "it was not me".
func (p *Portal) tell(a *Account, subject, text lang.Text, args ...any) {
	l := lang.Choose(a.Lang)
	alarm := lang.Text{FR: "\n\nSi ce n’était pas vous : %s", EN: "\n\nIf it was not you: %s"}
	full := text.In(l, args...) + alarm.In(l, p.o.Address+"/alerte")
	p.post(a, a.Mail, subject, lang.Text{FR: "%s", EN: "%s"}, full)
}
