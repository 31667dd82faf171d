package send

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// SFTPOptions are those of NewSFTP; KnownHosts and one of Key and Password are
// compulsory.
type SFTPOptions struct {
	Address    string // sftp://user@host:port/folder; a path that begins with /~/ is below the home
	Acquit     string // folder of the acknowledgments, like the path of Address; "" without one
	Key        []byte // private key, PEM or OpenSSH
	Passphrase []byte // of Key
	Password   string
	KnownHosts string // file of the keys of hosts, as ssh writes it
}

// silence is how long a server may say nothing: SFTP itself never gives up.
const silence = time.Minute

// NewSFTP returns a folder of an SFTP server. Its host key must be in the file
// of known hosts: nothing is accepted unseen.
func NewSFTP(o SFTPOptions) (*Drop, error) {
	u, err := url.Parse(o.Address)
	if err != nil || u.Scheme != "sftp" || u.Hostname() == "" || u.User.Username() == "" {
		return nil, Codes.New(AdresseFausse, "sftp://user@host/folder")
	}
	if _, secret := u.User.Password(); secret {
		return nil, Codes.New(AdresseFausse, "sftp://user@host/folder")
	}
	host := net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "22"))
	config := &ssh.ClientConfig{User: u.User.Username(), Timeout: 30 * time.Second}
	if config.Auth, err = sftpAuth(o); err != nil {
		return nil, err
	}
	if config.HostKeyCallback, err = knownhosts.New(o.KnownHosts); err != nil {
		return nil, Codes.New(HotesIllisibles, o.KnownHosts)
	}
	if config.HostKeyAlgorithms, err = hostAlgorithms(o.KnownHosts, host); err != nil {
		return nil, err
	}
	d := &Drop{name: "sftp " + u.Hostname(), deposit: remotePath(u.Path)}
	if o.Acquit != "" {
		d.acquit = remotePath(o.Acquit)
	}
	d.connect = func(ctx context.Context) (files, error) { return dialSFTP(ctx, host, config) }
	return d, nil
}

// remotePath is a path of an address: "/~/dir" is below the home.
func remotePath(p string) string {
	if rest, home := strings.CutPrefix(p, "/~/"); home {
		return cmp.Or(path.Clean(rest), ".")
	}
	return path.Clean("/" + p)
}

func sftpAuth(o SFTPOptions) ([]ssh.AuthMethod, error) {
	if len(o.Key) == 0 {
		if o.Password == "" {
			return nil, Codes.New(SansAcces)
		}
		return []ssh.AuthMethod{ssh.Password(o.Password)}, nil
	}
	var signer ssh.Signer
	var err error
	if len(o.Passphrase) > 0 {
		signer, err = ssh.ParsePrivateKeyWithPassphrase(o.Key, o.Passphrase)
	} else {
		signer, err = ssh.ParsePrivateKey(o.Key)
	}
	if err != nil {
		return nil, Codes.New(CertificatFaux)
	}
	return []ssh.AuthMethod{ssh.PublicKeys(signer)}, nil
}

// hostAlgorithms are those of the keys that the file has for a host. Without
// them the server shows a key of its own choice, and a file that has another
// one of its keys would not match.
func hostAlgorithms(file, host string) ([]string, error) {
	check, err := knownhosts.New(file)
	if err != nil {
		return nil, Codes.New(HotesIllisibles, file)
	}
	// A key of nobody: the error lists those that are wanted.
	var wanted *knownhosts.KeyError
	probe := check(host, &net.TCPAddr{IP: net.IPv4zero}, nobody{})
	var list []string
	if errors.As(probe, &wanted) {
		for _, k := range wanted.Want {
			list = append(list, algorithms(k.Key.Type())...)
		}
	}
	if len(list) == 0 {
		return nil, Codes.New(HoteInconnu, host, file)
	}
	return list, nil
}

// nobody is a key that no file has.
type nobody struct{}

func (nobody) Type() string                        { return "nobody" }
func (nobody) Marshal() []byte                     { return []byte("nobody") }
func (nobody) Verify([]byte, *ssh.Signature) error { return errors.New("nobody") }

// algorithms are those that prove a key of a type.
func algorithms(kind string) []string {
	if kind == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return []string{kind}
}

// remote is a folder of a server.
type remote struct {
	*sftp.Client
	conn *ssh.Client
}

func dialSFTP(ctx context.Context, host string, config *ssh.ClientConfig) (files, error) {
	raw, err := (&net.Dialer{Timeout: config.Timeout}).DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, fmt.Errorf("reach %s: %w", host, err)
	}
	conn, channels, requests, err := ssh.NewClientConn(&watched{raw}, host, config)
	if err != nil {
		raw.Close()
		var key *knownhosts.KeyError
		if errors.As(err, &key) {
			return nil, Codes.New(HoteChange, host)
		}
		return nil, fmt.Errorf("log in to %s: %w", host, err)
	}
	client := ssh.NewClient(conn, channels, requests)
	session, err := sftp.NewClient(client)
	if err != nil {
		client.Close()
		return nil, Codes.New(FermeApres, host)
	}
	return &remote{session, client}, nil
}

// watched ends a connection that says nothing.
type watched struct{ net.Conn }

func (w *watched) Read(b []byte) (int, error) {
	if err := w.SetReadDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	return w.Conn.Read(b)
}

func (w *watched) Write(b []byte) (int, error) {
	if err := w.SetWriteDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	return w.Conn.Write(b)
}

func (r *remote) Close() error { return errors.Join(r.Client.Close(), r.conn.Close()) }

func (r *remote) Open(name string) (io.ReadCloser, error) { return r.Client.Open(name) }

// Put begins the file anew: what an earlier try left cannot be trusted to be
// whole up to its end.
func (r *remote) Put(ctx context.Context, name string, in io.Reader) error {
	out, err := r.Client.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = io.Copy(struct{ io.Writer }{out}, &stoppable{ctx, in}) // one packet after the other
	if err == nil {
		if sync := out.Sync(); sync != nil && !unsupported(sync) {
			err = sync
		}
	}
	return errors.Join(err, out.Close())
}

// unsupported reports whether a server has switched an extension off.
func unsupported(err error) bool {
	var status *sftp.StatusError
	return errors.As(err, &status) && status.FxCode() == sftp.ErrSSHFxOpUnsupported
}

// Rename gives a file its name. The plain request fails when the name is
// taken, in the servers that keep to the draft; the others are asked before.
func (r *remote) Rename(from, to string) error {
	if _, err := r.Stat(to); err == nil {
		return fs.ErrExist
	}
	return r.Client.Rename(from, to)
}

func (r *remote) ReadDir(name string) ([]fs.FileInfo, error) {
	list, err := r.Client.ReadDir(name)
	slices.SortFunc(list, func(a, b fs.FileInfo) int { return strings.Compare(a.Name(), b.Name()) })
	return list, err
}
