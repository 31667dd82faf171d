package compress

// Records of the zip format, PKWARE APPNOTE 6.3, section 4.3. All integers are
// little endian.
const (
	sigLocal        = 0x04034b50
	sigDescriptor   = 0x08074b50
	sigCentral      = 0x02014b50
	sigEnd          = 0x06054b50
	sigEnd64        = 0x06064b50
	sigEnd64Locator = 0x07064b50
	sigUnsplit      = 0x30304b50 // before the first entry, of an archive that was to be split and is whole (8.5.4)

	lenLocal        = 30 // without name and extra
	lenCentral      = 46 // without name, extra and comment
	lenEnd          = 22 // without comment
	lenEnd64        = 56 // without extensible data
	lenEnd64Locator = 20

	extraZip64 = 0x0001

	flagEncrypted       = 1 << 0
	flagDescriptor      = 1 << 3
	flagPatched         = 1 << 5
	flagStrongEncrypted = 1 << 6
	flagUTF8            = 1 << 11
	flagMasked          = 1 << 13

	versionDeflate = 20
	versionZip64   = 45

	madeByUnix = 3

	full16 = 1<<16 - 1 // "see the zip64 record"
	full32 = 1<<32 - 1
)

// Method is how an entry is compressed.
type Method uint16

const (
	Store   Method = 0
	Deflate Method = 8
)

func (m Method) String() string {
	switch m {
	case Store:
		return "store"
	case Deflate:
		return "deflate"
	}
	return "?"
}
