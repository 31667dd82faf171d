package check

import (
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"
)

// fault is a kind of anomaly that Journal finds.
type fault uint8

const (
	faultTruncated fault = iota
	faultMarkup
	faultDoctype
	faultLimit
	faultEncoding
	faultRoot
	faultTwice
	faultCharacter
	faultEndTag
	faultEntity
	faultTrailer
	faultNoRoot

	faultUnknown
	faultPlace
	faultOrder
	faultRepeated
	faultChoice
	faultMissing
	faultMissingBlock // faultMissing where EnteteSeule excuses it
	faultNoRepartition
	faultNoV
	faultAttribute
	faultText
	faultRootNamespace
	faultNamespace
	faultXsi
	fault14

	faultEmptyValue
	faultComma
	faultDecimal
	faultTotalDigits
	faultFractionDigits
	faultLength
	faultPattern
	faultEnum
	faultDate
	faultYear
	faultBool
	faultMonth

	faultLies
	faultAfterNUL
	faultDuplicate
	faultRepartition
	faultRepartitionTwice
	faultNet
	faultNetInverse // faultNet under the other sign convention; one of the two is dropped at the end
	faultBrut
	faultBudgetBrut
	faultBudgetRate
	faultSiret
	faultNIR
	faultIBAN
	faultRIB
	faultAPE
	faultPeriod
	faultPayDay
	faultYearRange
	faultReversed
	faultZone
	faultBlank
	faultNewline
	faultNoLines
	faultManyLines
	faultCodeRubrique
	faultCodeCaisse
	faultCodeEvenement
	faultCodeBudget
	faultCodeNature
	faultCodeTrain
	faultNoTrain
	faultTwoLabels
	faultBudgetBlanks
	faultTwoNames
	faultPES
	faultTooMany
	nbFaults
)

// faultRule says which code a fault has and what it does to the verdicts.
type faultRule struct {
	code     string
	schema   bool // libxml2 refuses the journal for it
	tolerant bool // XéMéLios reads the journal all the same: a warning on demand
}

var faultRules = [nbFaults]faultRule{
	faultTruncated: {"XHL-001", true, false},
	faultMarkup:    {"XHL-002", true, false},
	faultDoctype:   {"XHL-003", true, false},
	faultLimit:     {"XHL-004", true, false},
	faultEncoding:  {"XHL-005", true, false},
	faultRoot:      {"XHL-006", true, false},
	faultTwice:     {"XHL-007", true, false},
	faultCharacter: {"XHL-008", true, false},
	faultEndTag:    {"XHL-009", true, false},
	faultEntity:    {"XHL-010", true, false},
	faultTrailer:   {"XHL-011", true, false},
	faultNoRoot:    {"XHL-017", true, false},

	faultUnknown:       {"XHL-110", true, true},
	faultPlace:         {"XHL-111", true, false},
	faultOrder:         {"XHL-112", true, true},
	faultRepeated:      {"XHL-113", true, false},
	faultChoice:        {"XHL-114", true, false},
	faultMissing:       {"XHL-115", true, true},
	faultMissingBlock:  {"XHL-115", true, true},
	faultNoRepartition: {"XHL-116", true, true},
	faultNoV:           {"XHL-117", true, false},
	faultAttribute:     {"XHL-118", true, false},
	faultText:          {"XHL-119", true, false},
	faultRootNamespace: {"XHL-120", true, true},
	faultNamespace:     {"XHL-121", true, true},
	faultXsi:           {"XHL-122", true, false},
	fault14:            {"XHL-123", true, false},

	faultEmptyValue:     {"XHL-130", true, true},
	faultComma:          {"XHL-131", true, true},
	faultDecimal:        {"XHL-132", true, false},
	faultTotalDigits:    {"XHL-133", true, false},
	faultFractionDigits: {"XHL-134", true, false},
	faultLength:         {"XHL-135", true, true},
	faultPattern:        {"XHL-136", true, true},
	faultEnum:           {"XHL-137", true, true},
	faultDate:           {"XHL-138", true, true},
	faultYear:           {"XHL-139", true, false},
	faultBool:           {"XHL-140", true, false},
	faultMonth:          {"XHL-141", true, false},

	faultLies:             {code: "XHL-013"},
	faultAfterNUL:         {code: "XHL-016"},
	faultDuplicate:        {code: "XHL-201"},
	faultRepartition:      {code: "XHL-202"},
	faultRepartitionTwice: {code: "XHL-207"},
	faultNet:              {code: "XHL-210"},
	faultNetInverse:       {code: "XHL-210"},
	faultBrut:             {code: "XHL-211"},
	faultBudgetBrut:       {code: "XHL-212"},
	faultBudgetRate:       {code: "XHL-213"},
	faultSiret:            {code: "XHL-214"},
	faultNIR:              {code: "XHL-215"},
	faultIBAN:             {code: "XHL-216"},
	faultRIB:              {code: "XHL-217"},
	faultAPE:              {code: "XHL-218"},
	faultPeriod:           {code: "XHL-220"},
	faultPayDay:           {code: "XHL-221"},
	faultYearRange:        {code: "XHL-222"},
	faultReversed:         {code: "XHL-223"},
	faultZone:             {code: "XHL-224"},
	faultBlank:            {code: "XHL-225"},
	faultNewline:          {code: "XHL-226"},
	faultNoLines:          {code: "XHL-227"},
	faultManyLines:        {code: "XHL-228"},
	faultCodeRubrique:     {code: "XHL-230"},
	faultCodeCaisse:       {code: "XHL-231"},
	faultCodeEvenement:    {code: "XHL-232"},
	faultCodeBudget:       {code: "XHL-233"},
	faultCodeNature:       {code: "XHL-234"},
	faultCodeTrain:        {code: "XHL-235"},
	faultNoTrain:          {code: "XHL-236"},
	faultTwoLabels:        {code: "XHL-237"},
	faultBudgetBlanks:     {code: "XHL-238"},
	faultTwoNames:         {code: "XHL-240"},
	faultPES:              {code: "XHL-241"},
	faultTooMany:          {code: "XHL-245"},
}

// finding is an example of a fault, kept until the end of the check: its place
// in the tree is relative to the start of its walker until then.
type finding struct {
	fault     fault
	off       int64
	ligne     int64
	path      []step
	groupe    int // DonneesIndiv opened by the walker before it
	matricule string
	trouve    string
	attendu   string
	args      []any
}

type step struct {
	node *node
	name string
	rep  int // from 1; 0 for an element that does not repeat
}

// chemin writes the place as a path of XPath.
func (f *finding) chemin() string {
	var b strings.Builder
	for i, s := range f.path {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(s.name)
		if s.rep > 0 {
			b.WriteByte('[')
			b.WriteString(strconv.Itoa(s.rep))
			b.WriteByte(']')
		}
	}
	return b.String()
}

// findings collects the faults of one window: all of them counted, the first
// of each kind kept.
type findings struct {
	counts [nbFaults]int
	list   []finding
	most   int
	quota  *quota // of the whole check; nil for none
}

// quota says how many examples of each fault earlier windows have given, so
// that later ones do not prepare examples that nobody will see.
type quota [nbFaults]atomic.Int32

func (f *findings) reset() {
	f.counts = [nbFaults]int{}
	clear(f.list)
	f.list = f.list[:0]
}

// add counts a fault and returns its example to fill, or nil when there are
// enough.
func (f *findings) add(kind fault) *finding {
	f.counts[kind]++
	if f.counts[kind] > f.most || f.quota != nil && int(f.quota[kind].Load()) >= f.most {
		return nil
	}
	f.list = append(f.list, finding{fault: kind})
	return &f.list[len(f.list)-1]
}

// schema counts the faults that libxml2 refuses a journal for.
func (f *findings) schema() int {
	n := 0
	for kind, rule := range faultRules {
		if rule.schema {
			n += f.counts[kind]
		}
	}
	return n
}

// gabarit is the shape of a personal value, with nothing of the person in it:
// digits become 9, letters A, the rest stays. A long value loses its end.
func gabarit(value string) string {
	const most = 40
	var b strings.Builder
	n := 0
	for _, r := range value {
		if n++; n > most {
			b.WriteString("…")
			break
		}
		switch {
		case unicode.IsDigit(r):
			r = '9'
		case unicode.IsLetter(r) || unicode.IsMark(r):
			r = 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
