package check

import (
	"strconv"
	"strings"
	"sync/atomic"
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

	faultFreeByte   // a byte that the charset leaves free
	faultBlankCDATA // faultText, of nothing or blanks
	faultDateBlanks
	faultTypeBlanks // faultXsi, for blanks around the type
	faultManyDigits
	faultJavaMarkup
	faultJavaLength
	faultJavaYear

	faultLies
	faultUTF8
	faultTwiceEncoded
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
	faultZeros
	faultTooMany
	nbFaults
)

// judges are the validators that refuse a journal for a fault. They differ on a
// few shapes of markup and of values (java_test.go); the programs of the
// accountants, Hélios and XéMéLios, are written in Java.
type judges uint8

const (
	byLibxml2 judges = 1 << iota // 2.9.14
	byJava                       // Xerces-J 2.12, and the validator of the JDK
	both      = byLibxml2 | byJava
)

// faultRule says which code a fault has and what it does to the verdicts.
type faultRule struct {
	code     string
	refused  judges
	tolerant bool // XéMéLios reads the journal all the same: a warning on demand
}

var faultRules = [nbFaults]faultRule{
	faultTruncated: {"XHL-001", both, false},
	faultMarkup:    {"XHL-002", both, false},
	faultDoctype:   {"XHL-003", both, false},
	faultLimit:     {"XHL-004", both, false},
	faultEncoding:  {"XHL-005", both, false},
	faultRoot:      {"XHL-006", both, false},
	faultTwice:     {"XHL-007", both, false},
	faultCharacter: {"XHL-008", both, false},
	faultEndTag:    {"XHL-009", both, false},
	faultEntity:    {"XHL-010", both, false},
	faultTrailer:   {"XHL-011", both, false},
	faultNoRoot:    {"XHL-017", both, false},

	faultUnknown:       {"XHL-110", both, true},
	faultPlace:         {"XHL-111", both, false},
	faultOrder:         {"XHL-112", both, true},
	faultRepeated:      {"XHL-113", both, false},
	faultChoice:        {"XHL-114", both, false},
	faultMissing:       {"XHL-115", both, true},
	faultMissingBlock:  {"XHL-115", both, true},
	faultNoRepartition: {"XHL-116", both, true},
	faultNoV:           {"XHL-117", both, false},
	faultAttribute:     {"XHL-118", both, false},
	faultText:          {"XHL-119", both, false},
	faultRootNamespace: {"XHL-120", both, true},
	faultNamespace:     {"XHL-121", both, true},
	faultXsi:           {"XHL-122", both, false},
	fault14:            {"XHL-123", both, false},

	faultEmptyValue:     {"XHL-130", both, true},
	faultComma:          {"XHL-131", both, true},
	faultDecimal:        {"XHL-132", both, false},
	faultTotalDigits:    {"XHL-133", both, false},
	faultFractionDigits: {"XHL-134", both, false},
	faultLength:         {"XHL-135", both, true},
	faultPattern:        {"XHL-136", both, true},
	faultEnum:           {"XHL-137", both, true},
	faultDate:           {"XHL-138", both, true},
	faultYear:           {"XHL-139", both, false},
	faultBool:           {"XHL-140", both, false},
	faultMonth:          {"XHL-141", both, false},

	faultFreeByte:   {"XHL-008", byLibxml2, false},
	faultBlankCDATA: {"XHL-119", byLibxml2, false},
	faultDateBlanks: {"XHL-142", byLibxml2, true},
	faultTypeBlanks: {"XHL-122", byLibxml2, false},
	faultManyDigits: {"XHL-143", byLibxml2, false},
	faultJavaMarkup: {"XHL-018", byJava, false},
	faultJavaLength: {"XHL-144", byJava, false},
	faultJavaYear:   {"XHL-145", byJava, false},

	faultLies:             {code: "XHL-013"},
	faultUTF8:             {code: "XHL-019"},
	faultTwiceEncoded:     {code: "XHL-020"},
	faultAfterNUL:         {"XHL-016", byJava, false},
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
	faultZeros:            {code: "XHL-246"},
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

// refused counts the faults that one of the judges refuses a journal for.
func (f *findings) refused(by judges) int {
	n := 0
	for kind, rule := range faultRules {
		if rule.refused&by != 0 {
			n += f.counts[kind]
		}
	}
	return n
}
