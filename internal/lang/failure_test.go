package lang

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

type coded int

func (c coded) Error() string { return "database is locked" }
func (c coded) Code() int     { return int(c) }

func TestMachineErrorsAreToldInFrench(t *testing.T) {
	for _, x := range []struct {
		err  error
		want string
	}{
		{&fs.PathError{Op: "openat", Path: "paye/mai.xhl", Err: syscall.EACCES}, "ouvrir paye/mai.xhl : vous n'en avez pas le droit"},
		{fmt.Errorf("write volume 1: %w", &fs.PathError{Op: "write", Path: "envoi/.xhl-delivery/new-1", Err: syscall.ENOSPC}), "écrire envoi : il n'y a plus de place sur le disque"},
		{&fs.PathError{Op: "write", Path: "paie/.xhl-new-envoi/volume-01.xml", Err: syscall.ENOSPC}, "écrire paie/envoi : il n'y a plus de place sur le disque"},
		{&fs.PathError{Op: "write", Path: "paie.xhl-x/.xhl-delivery/new-1", Err: syscall.ENOSPC}, "écrire paie.xhl-x : il n'y a plus de place sur le disque"},
		{&fs.PathError{Op: "mkdir", Path: ".xhl-new-envoi", Err: syscall.ENOSPC}, "créer le dossier envoi : il n'y a plus de place sur le disque"},
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EEXIST}, "donner son nom à b : ce nom est déjà pris"},
		{&fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}, "ouvrir x : il n'existe pas"},
		{fmt.Errorf("begin: %w", coded(13)), "il n'y a plus de place sur le disque"},
		{fmt.Errorf("begin: %w", coded(5|2<<8)), "un autre programme tient cette base"},
		{fmt.Errorf("send: %w", &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 587}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}),
			"joindre 127.0.0.1:587 : la connexion est refusée"},
		{&net.DNSError{Err: "no such host", Name: "smtp.example", IsNotFound: true}, "joindre smtp.example : ce nom est inconnu du réseau"},
		{x509.UnknownAuthorityError{}, "le certificat d'en face vient d'une autorité que cette machine ne connaît pas"},
		{os.ErrDeadlineExceeded, "rien n'a répondu à temps"},
		{errors.New("some library says so"), "some library says so"},
	} {
		if got := Say(French, x.err); got != x.want {
			t.Errorf("%v:\ngot  %s\nwant %s", x.err, got, x.want)
		}
		if got := (Text{FR: "lu : %v", EN: "read: %v"}).In(French, x.err); got != "lu : "+x.want {
			t.Errorf("in a message: %s", got)
		}
		if got := Say(English, x.err); got != x.err.Error() {
			t.Errorf("in English: %s, want the error itself", got)
		}
	}
}

func TestEveryCauseHasBothLanguages(t *testing.T) {
	for _, k := range causes {
		if err := k.cause.Verify(); err != nil {
			t.Error(err)
		}
		if k.hint != (Text{}) && k.hint.Verify() != nil {
			t.Errorf("hint of %q: %v", k.cause.FR, k.hint.Verify())
		}
	}
	for op, deed := range deeds {
		if err := deed.Verify(); err != nil || strings.TrimSpace(op) == "" {
			t.Errorf("%s: %v", op, err)
		}
	}
}
