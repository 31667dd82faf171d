package lang

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Failure is an error of the machine in words: what it refused, where, and what
// to do about it.
type Failure struct {
	Cause Text   // "the disk is full"
	Deed  Text   // "write", empty when it is not known
	Place string // a path or an address, empty when it is not known
	Hint  Text   // what to do, empty when there is nothing to say
}

// Explain finds what the machine refused in the errors that err wraps; false
// when the cause is none that has words here.
func Explain(err error) (Failure, bool) {
	for _, k := range causes {
		if !k.is(err) {
			continue
		}
		f := Failure{Cause: k.cause, Hint: k.hint}
		f.Deed, f.Place = place(err)
		return f, true
	}
	return Failure{}, false
}

// In says the failure in language l.
func (f Failure) In(l Language) string {
	cause := f.Cause.In(l)
	colon := " : "
	if l == English {
		colon = ": "
	}
	switch {
	case f.Place == "":
		return cause
	case f.Deed == Text{}:
		return f.Place + colon + cause
	}
	return f.Deed.In(l) + " " + f.Place + colon + cause
}

// Say tells an error in language l: in its own words when it has some, else in
// those of the machine's causes, else as it is.
func Say(l Language, err error) string {
	var own interface{ Say(Language) string }
	if errors.As(err, &own) {
		return own.Say(l)
	}
	if l == English {
		return err.Error()
	}
	if f, known := Explain(err); known {
		return f.In(l)
	}
	return err.Error()
}

// said puts errors among the arguments of a message into its language.
func said(l Language, args []any) []any {
	for i, a := range args {
		if err, ok := a.(error); ok && err != nil {
			words := make([]any, len(args))
			copy(words, args)
			for j := i; j < len(words); j++ {
				if err, ok := words[j].(error); ok && err != nil {
					words[j] = Say(l, err)
				}
			}
			return words
		}
	}
	return args
}

// place finds what the machine was doing, and to what. Names that begin with
// ".xhl-" are of the program's own making: the folder that they stand in is
// told instead, or the one that they are to become.
func place(err error) (Text, string) {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return deeds[strings.TrimSuffix(path.Op, "at")], visible(path.Path)
	case errors.As(err, &link):
		return deeds[strings.TrimSuffix(link.Op, "at")], visible(link.New)
	}
	return outside(err)
}

func visible(path string) string {
	const own, toCome = ".xhl-", ".xhl-new-"
	at := 0
	for {
		n := strings.Index(path[at:], own)
		if n < 0 {
			return path
		}
		if at += n; at == 0 || path[at-1] == '/' || path[at-1] == '\\' {
			break
		}
		at += len(own)
	}
	if name, ok := strings.CutPrefix(path[at:], toCome); ok {
		if end := strings.IndexAny(name, `/\`); end >= 0 {
			name = name[:end]
		}
		return path[:at] + name
	}
	if at == 0 {
		return "."
	}
	return path[:max(1, at-1)]
}

// deeds are the operations that errors name.
var deeds = map[string]Text{
	"open":   {"ouvrir", "open"},
	"create": {"créer", "create"},
	"read":   {"lire", "read"},
	"write":  {"écrire", "write"},
	"mkdir":  {"créer le dossier", "make the folder"},
	"rename": {"donner son nom à", "rename"},
	"link":   {"relier", "link"},
	"remove": {"supprimer", "remove"},
	"unlink": {"supprimer", "remove"},
	"sync":   {"enregistrer", "save"},
	"fsync":  {"enregistrer", "save"},
	"close":  {"fermer", "close"},
	"stat":   {"examiner", "look at"},
	"lstat":  {"examiner", "look at"},
	"fstat":  {"examiner", "look at"},
	"chmod":  {"changer les droits de", "change the rights of"},
	"dial":   {"joindre", "reach"},
	"listen": {"écouter sur", "listen on"},
	"exec":   {"lancer", "start"},
	"fork":   {"lancer", "start"},
}

// A kind is a cause that errors can have.
type kind struct {
	is          func(error) bool
	cause, hint Text
}

func errno(list ...error) func(error) bool {
	return func(err error) bool {
		for _, e := range list {
			if errors.Is(err, e) {
				return true
			}
		}
		return false
	}
}

func a[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// sqlite recognises the result codes of the database in a file, without their
// extensions.
func sqlite(codes ...int) func(error) bool {
	return func(err error) bool {
		var coded interface {
			error
			Code() int
		}
		if !errors.As(err, &coded) {
			return false
		}
		for _, c := range codes {
			if coded.Code()&0xff == c {
				return true
			}
		}
		return false
	}
}

func either(list ...func(error) bool) func(error) bool {
	return func(err error) bool {
		for _, is := range list {
			if is(err) {
				return true
			}
		}
		return false
	}
}

func timedOut(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}

var (
	hintNetwork = Text{"vérifiez l'adresse, le réseau, et que le programme d'en face tourne", "check the address, the network, and that the program at the other end runs"}
	hintTrust   = Text{"demandez à l'exploitant du serveur le certificat de son autorité, et donnez-le par l'option prévue", "ask whoever runs the server for the certificate of its authority, and give it by the option for it"}
)

// causes are tried in order: the narrower first.
var causes = []kind{
	{either(errno(syscall.ENOSPC, syscall.EDQUOT), sqlite(13), native(nativeFull...)),
		Text{"il n'y a plus de place sur le disque", "the disk is full"},
		Text{"libérez de la place sur ce disque, ou choisissez un dossier d'un autre disque, et relancez", "make room on this disk, or choose a folder of another disk, and run it again"}},
	{native(nativeShared...),
		Text{"un autre programme tient ce fichier ouvert", "another program holds this file open"},
		Text{"fermez le fichier dans l'autre programme (tableur, lecteur de PDF, antivirus, synchronisation), et relancez", "close the file in the other program (spreadsheet, PDF reader, antivirus, synchronisation), and run it again"}},
	{either(errno(syscall.EROFS), sqlite(8)),
		Text{"on ne peut qu'y lire", "it can only be read from"},
		Text{"choisissez un dossier où l'on peut écrire", "choose a folder that can be written to"}},
	{errno(fs.ErrPermission),
		Text{"vous n'en avez pas le droit", "you have no right to it"},
		Text{"le fichier existe peut-être, mais votre compte n'y a pas accès : demandez ce droit, ou choisissez un dossier à vous", "the file may exist, but your account has no access to it: ask for that right, or choose a folder of yours"}},
	{noProgram,
		Text{"ce programme n'est pas installé", "this program is not installed"},
		Text{"installez-le, ou donnez son chemin entier", "install it, or give its whole path"}},
	{errno(fs.ErrNotExist),
		Text{"il n'existe pas", "it does not exist"},
		Text{"vérifiez le chemin", "check the path"}},
	{errno(fs.ErrExist),
		Text{"ce nom est déjà pris", "that name is taken"},
		Text{"donnez un autre nom", "give another name"}},
	{errno(syscall.EISDIR), Text{"c'est un dossier, pas un fichier", "it is a folder, not a file"}, Text{"donnez le nom d'un fichier", "give the name of a file"}},
	{errno(syscall.ENOTDIR), Text{"une partie de ce chemin est un fichier, pas un dossier", "a part of this path is a file, not a folder"}, Text{"vérifiez le chemin", "check the path"}},
	{errno(syscall.ENAMETOOLONG), Text{"ce nom est trop long pour le disque", "this name is too long for the disk"}, Text{"raccourcissez le nom ou le chemin", "shorten the name or the path"}},
	{errno(syscall.ELOOP), Text{"ce lien tourne en rond", "this link leads round in a circle"}, Text{"donnez le fichier lui-même", "give the file itself"}},
	{errno(syscall.ENOTEMPTY), Text{"le dossier n'est pas vide", "the folder is not empty"}, Text{"donnez un autre dossier", "give another folder"}},
	{errno(syscall.EMFILE, syscall.ENFILE), Text{"trop de fichiers sont ouverts à la fois", "too many files are open at once"}, Text{"fermez d'autres programmes, ou demandez que la limite soit relevée (ulimit -n)", "close other programs, or ask for a higher limit (ulimit -n)"}},
	{errno(syscall.EFBIG), Text{"ce fichier est trop grand pour ce disque", "this file is too large for this disk"}, Text{"choisissez un autre disque", "choose another disk"}},
	{errno(syscall.EBUSY), Text{"un autre programme s'en sert", "another program is using it"}, Text{"attendez qu'il ait fini, et relancez", "wait until it has finished, and run it again"}},
	{errno(syscall.EXDEV), Text{"les deux noms sont sur deux disques", "the two names are on two disks"}, Text{"choisissez un dossier du même disque", "choose a folder of the same disk"}},
	{either(errno(syscall.EIO), sqlite(10)), Text{"le disque a une défaillance", "the disk failed"}, Text{"faites contrôler ce disque, et gardez une copie ailleurs", "have this disk looked at, and keep a copy elsewhere"}},
	{either(errno(syscall.ENOMEM), sqlite(7)), Text{"il n'y a plus de mémoire", "there is no memory left"}, Text{"fermez d'autres programmes, et relancez", "close other programs, and run it again"}},
	{errno(syscall.EPIPE), Text{"ce qui devait lire la sortie s'est arrêté", "what should read the output has stopped"}, Text{}},
	{sqlite(5, 6), Text{"un autre programme tient cette base", "another program holds this database"}, Text{"attendez qu'il ait fini, et relancez", "wait until it has finished, and run it again"}},
	{sqlite(11, 26), Text{"cette base est abîmée", "this database is damaged"}, Text{"remettez la dernière sauvegarde", "put the last backup back"}},
	{sqlite(14), Text{"cette base ne peut pas être ouverte", "this database cannot be opened"}, Text{"vérifiez que le dossier d'état existe et que vous y avez accès", "check that the state folder exists and that you have access to it"}},
	{expired, Text{"le certificat d'en face a expiré, ou n'est pas encore valable", "the certificate of the other end has expired, or is not valid yet"}, Text{"vérifiez l'heure de cette machine ; sinon prévenez l'exploitant du serveur", "check the time of this machine; else tell whoever runs the server"}},
	{otherName, Text{"le certificat d'en face n'est pas à ce nom", "the certificate of the other end has another name"}, Text{"vérifiez l'adresse", "check the address"}},
	{unknownAuthority, Text{"le certificat d'en face vient d'une autorité que cette machine ne connaît pas", "the certificate of the other end is of an authority that this machine does not know"}, hintTrust},
	{notTLS, Text{"ce qui répond ne parle pas TLS", "what answers does not speak TLS"}, Text{"vérifiez l'adresse et le port", "check the address and the port"}},
	{errno(syscall.EADDRINUSE), Text{"un autre programme écoute déjà à cette adresse", "another program listens at that address already"}, Text{"arrêtez-le, ou choisissez un autre port", "stop it, or choose another port"}},
	{errno(syscall.EADDRNOTAVAIL), Text{"cette adresse n'est pas de cette machine", "this address is not of this machine"}, Text{"donnez une adresse de cette machine", "give an address of this machine"}},
	{errno(syscall.ECONNREFUSED), Text{"la connexion est refusée", "the connection is refused"}, hintNetwork},
	{errno(syscall.ECONNRESET, syscall.ECONNABORTED), Text{"la connexion a été coupée", "the connection was cut"}, Text{"relancez ; si cela recommence, prévenez l'exploitant du serveur", "run it again; if it happens again, tell whoever runs the server"}},
	{errno(syscall.EHOSTUNREACH, syscall.ENETUNREACH), Text{"le réseau n'y mène pas", "the network does not lead there"}, hintNetwork},
	{timedOut, Text{"rien n'a répondu à temps", "nothing answered in time"}, hintNetwork},
	{unknownHost, Text{"ce nom est inconnu du réseau", "this name is unknown to the network"}, hintNetwork},
	{errno(io.ErrUnexpectedEOF), Text{"le fichier s'arrête avant sa fin", "the file stops before its end"}, Text{"demandez une nouvelle copie du fichier", "ask for a new copy of the file"}},
}
