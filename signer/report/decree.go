package report

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"antin/signer/pdffile"
	"antin/signer/verify"
)

// Input is what Examine judges. Size and SHA256 must be of the bytes that the
// report is about.
type Input struct {
	Name   string // of the file, for people
	Size   int64  // bytes
	SHA256 [sha256.Size]byte

	Report *verify.Report
	Err    error     // why there is no Report: of opening the file or of verify.Document
	Time   time.Time // of the check, when there is no Report

	Gallery *Gallery // what Pictures found; nil = nobody looked, so nothing can be Valid
	Roles   Roles
}

// Examine answers the decree's questions about one document. It never fails:
// what cannot be answered is said to be so.
func Examine(in Input) Document { return in.told(vietnamese) }

// In is the same document told in another language: "vi" or "en", Vietnamese for
// any other. A record, which is made in the decree's form, is made of what Examine
// returns.
func (d Document) In(language string) Document {
	l := speech(language)
	if l == vietnamese || texts[l] == nil {
		return d
	}
	return d.from.told(l)
}

func (in Input) told(l speech) Document {
	e := &examiner{Input: in, speech: l}
	d := Document{
		from: in,
		Name: line(in.Name), Size: in.Size, Checked: vietnam(in.Time),
		Signatures: []Signature{}, Pictures: []Picture{}, Answers: []Answer{}, Reasons: []Reason{},
	}
	if in.SHA256 != ([sha256.Size]byte{}) {
		d.SHA256 = hex.EncodeToString(in.SHA256[:])
	}
	if in.Gallery != nil {
		d.Pictures = slices.Clone(in.Gallery.Pictures)
		for i := range d.Pictures {
			d.Pictures[i].Label = e.text("kind." + string(d.Pictures[i].Kind))
		}
	}
	switch {
	case in.Report == nil:
		e.unread()
	default:
		d.Checked = vietnam(in.Report.Time)
		e.signers = signersOf(in, l)
		for _, s := range e.signers {
			d.Signatures = append(d.Signatures, s.row())
		}
		if len(e.signers) == 0 {
			e.unsigned()
		} else {
			e.examine()
		}
		e.examineGallery()
	}
	d.Answers = e.answers()
	e.conclude(&d)
	return d
}

// finding is one fact with its sentence.
type finding struct {
	code      string
	question  Question // for codes that no rule knows
	signature int      // number; 0 = the document
	text      string
	details   []string
}

type examiner struct {
	Input
	speech
	signers  []*signer
	findings []finding
}

func (e *examiner) find(code string, signature int, args ...string) {
	e.findings = append(e.findings, finding{
		code: code, question: rules[code].question, signature: signature, text: e.text("finding."+code, args...),
	})
}

// explain adds technical text to the newest finding.
func (e *examiner) explain(details ...string) {
	f := &e.findings[len(e.findings)-1]
	for _, s := range details {
		if s != "" {
			f.details = append(f.details, detail(s))
		}
	}
}

func (e *examiner) unread() {
	code := "integrity.unread"
	switch err := e.Err; {
	case errors.Is(err, pdffile.ErrNotPDF):
		code = "integrity.foreign"
	case errors.Is(err, pdffile.ErrPassword):
		code = "integrity.password"
	case errors.Is(err, pdffile.ErrDamaged), errors.Is(err, pdffile.ErrTruncated), errors.Is(err, pdffile.ErrTrailing):
		code = "integrity.damaged"
	}
	e.find(code, 0)
	if e.Err != nil {
		e.explain(e.Err.Error())
	}
}

func (e *examiner) unsigned() {
	e.find("integrity.unsigned", 0)
	if n := len(e.Report.Orphans); n > 0 {
		e.find("integrity.orphans", 0, "count", itoa(n))
	}
	e.find("both.unsigned", 0)
	e.find("changes.unsigned", 0)
}

// unasked are the questions that have no meaning without a signature.
var unasked = []Question{Who, Period, Revocation, Stamp}

// answers sorts the findings by question.
func (e *examiner) answers() []Answer {
	var all []Answer
	for _, q := range Questions() {
		a := Answer{
			Question: q, Title: e.text("question." + string(q)), Basis: e.text("basis." + string(q)),
			State: Pass, Lines: []string{}, Codes: []string{},
		}
		for _, f := range e.findings {
			if f.question != q {
				continue
			}
			a.Details = append(a.Details, f.details...)
			said, again := e.sentence(f, q)
			if again {
				continue
			}
			state := ruleOf(f.code, q).state
			if len(a.Lines) == 0 || slices.Index(stateOrder, state) > slices.Index(stateOrder, a.State) {
				a.State, a.Text = state, said
			}
			a.Lines, a.Codes = append(a.Lines, said), append(a.Codes, f.code)
		}
		switch {
		case len(a.Lines) > 0:
		case e.Report != nil && len(e.signers) == 0 && slices.Contains(unasked, q):
			a.State, a.Text = None, e.text("finding.both.unsigned")
			a.Lines, a.Codes = []string{a.Text}, []string{"both.unsigned"}
		default:
			a.State, a.Text = Unknown, e.text("finding.missing")
			a.Lines, a.Codes = []string{a.Text}, []string{"missing"}
		}
		a.Label = e.text("state." + string(a.State))
		all = append(all, a)
	}
	return all
}

// sentence is what a finding says, with the signatures of which the same is
// said; again tells that it was said with the first of them.
func (e *examiner) sentence(f finding, q Question) (said string, again bool) {
	if f.signature == 0 || len(e.signers) < 2 {
		return f.text, false
	}
	var numbers []string
	asked := 0
	for _, o := range e.findings {
		if o.question != q || o.signature == 0 {
			continue
		}
		asked++
		if o.code == f.code && o.text == f.text {
			if numbers = append(numbers, itoa(o.signature)); o.signature < f.signature {
				return "", true
			}
		}
	}
	if len(numbers) == asked && asked > 1 {
		return e.text("line.all", "count", itoa(asked), "text", f.text), false
	}
	return e.counted(len(numbers), "line.signature", "number", strings.Join(numbers, ", "), "text", f.text), false
}

// conclude gives the document its result and the reasons for it.
func (e *examiner) conclude(d *Document) {
	result := Valid
	for _, f := range e.findings {
		result = worse(result, ruleOf(f.code, f.question).result)
	}
	var extra []Reason
	for _, a := range d.Answers {
		if a.Codes[0] == "missing" {
			if result = worse(result, Undecided); e.Report != nil {
				extra = append(extra, Reason{Code: "missing", Question: a.Question, Text: e.text("finding.missing")})
			}
		}
	}
	if e.Report != nil {
		if least := floor(e.Report.Verdict()); worse(result, least) != result {
			result = least
			extra = append(extra, Reason{Code: "guard", Text: e.text("finding.guard")})
		}
	}
	for _, f := range e.findings {
		if r := ruleOf(f.code, f.question); result == Valid || r.result != result {
			continue
		}
		d.Reasons = append(d.Reasons, Reason{f.code, f.question, f.signature, f.text})
	}
	d.Reasons = merged(append(d.Reasons, extra...))
	if result == Valid {
		d.Reasons = []Reason{{Code: "valid", Text: e.text("finding.valid")}}
		if slices.ContainsFunc(e.findings, func(f finding) bool { return f.code == "stamp.none" }) {
			d.Reasons = append(d.Reasons, Reason{Code: "stamp.none", Question: Stamp, Text: e.text("finding.valid-no-stamp")})
		}
	}
	d.Result, d.Title, d.Next = result, e.text("result."+string(result)), e.text("next."+string(result))
}

// merged drops reasons that say the same of several signatures, and what only
// follows from another reason.
func merged(all []Reason) []Reason {
	var out []Reason
	for _, r := range all {
		if slices.ContainsFunc(out, func(o Reason) bool { return o.Text == r.Text }) {
			continue
		}
		out = append(out, r)
	}
	consequence := func(r Reason) bool {
		switch r.Code {
		case "who.unproven", "period.broken", "revocation.broken", "revocation.unchecked", "stamp.broken", "changes.broken", "both.unproven", "changes.bytes", "changes.unsigned", "integrity.unsigned", "pictures.unsigned", "pictures.bad-seal":
			return true
		}
		return false
	}
	if kept := slices.DeleteFunc(slices.Clone(out), consequence); len(kept) > 0 {
		return kept
	}
	return out
}
