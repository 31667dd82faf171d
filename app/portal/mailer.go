package portal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	gomail "github.com/wneessen/go-mail"

	"paye/due/courrier"
)

// SMTP sends messages through a mail server, always encrypted.
type SMTP struct {
	From   string
	Server courrier.Serveur
	Now    func() time.Time
}

// Send implements Mailer.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg := gomail.NewMsg(gomail.WithEncoding(gomail.EncodingB64))
	if err := errors.Join(msg.From(s.From), msg.To(m.To)); err != nil {
		return fmt.Errorf("address a message: %w", err)
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(s.Now())
	msg.SetMessageID()
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	var eml bytes.Buffer
	if _, err := msg.WriteTo(&eml); err != nil {
		return fmt.Errorf("write a message: %w", err)
	}
	if err := s.Server.Send(ctx, s.From, m.To, eml.Bytes()); err != nil {
		return fmt.Errorf("send a message: %w", err)
	}
	return nil
}
