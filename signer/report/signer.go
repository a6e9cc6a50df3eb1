package report

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"antin/signer/trust"
	"antin/signer/verify"
)

// signer is one signature with what the caller said of its certificate.
type signer struct {
	*verify.Signature
	speech
	number  int
	role    Role
	guessed bool
	at      time.Time // control time
}

func signersOf(in Input, l speech) []*signer {
	var all []*signer
	for i := range in.Report.Signatures {
		s := &signer{Signature: &in.Report.Signatures[i], speech: l, number: i + 1, role: UnknownHolder, at: in.Report.Time}
		if s.Signer != nil && s.Kind != verify.DocTimeStamp {
			known, ok := in.Roles[sha256.Sum256(s.Signer.Raw)]
			if ok && (known == Person || known == Organisation) {
				s.role = known
			} else if s.role = Guess(s.Signer); s.role != UnknownHolder {
				s.guessed = true
			}
		}
		all = append(all, s)
	}
	return all
}

// stamp tells that the signature is a document time-stamp and nobody's consent.
func (s *signer) stamp() bool { return s.Kind == verify.DocTimeStamp }

func (s *signer) passed() bool { return s.Indication == verify.TotalPassed && s.Intact() }

// counts tells that the signature may stand for its holder: it passed, or all
// that speaks against it is an old algorithm or a rule of the file, which
// another question tells.
func (s *signer) counts() bool {
	return s.passed() || s.Indication == verify.Indeterminate && s.Intact() && len(s.Chain) > 0 &&
		(s.SubIndication == verify.CryptoConstraintsFailure || s.SubIndication == verify.SigConstraintsFailure)
}

// time is the best knowledge of the signing time, zero when there is none, and
// whether it is proven.
func (s *signer) time() (time.Time, bool) {
	if !s.ProvenTime.IsZero() {
		return s.ProvenTime, true
	}
	return s.ClaimedTime, false
}

// holder is the name of who signed, for people.
func (s *signer) holder() string {
	switch {
	case s.Signer != nil:
		return s.subject()
	case line(s.Name) != "":
		return s.text("signer.claims", "name", line(s.Name))
	}
	return s.text("signer.nobody")
}

// full is the holder with the organisation, when that is another.
func (s *signer) full() string {
	if o := organisationOf(s.Signer); o != "" && folded(o) != folded(s.holder()) {
		return s.text("signer.of", "name", s.holder(), "organisation", o)
	}
	return s.holder()
}

// subject takes the common name alone; a title in the certificate proves nothing
// (NĐ 68/2024/NĐ-CP certifies no chức vụ).
func (s *signer) subject() string {
	c := s.Signer
	if n := line(c.Subject.CommonName); n != "" {
		return n
	}
	if o := organisationOf(c); o != "" {
		return o
	}
	return s.text("signer.nobody")
}

func organisationOf(c *x509.Certificate) string {
	if c == nil || len(c.Subject.Organization) == 0 {
		return ""
	}
	return line(c.Subject.Organization[0])
}

func (s *signer) issuer() string {
	c := s.Signer
	if n := line(c.Issuer.CommonName); n != "" {
		return n
	}
	if len(c.Issuer.Organization) > 0 && line(c.Issuer.Organization[0]) != "" {
		return line(c.Issuer.Organization[0])
	}
	return s.text("issuer.unknown")
}

// row is the signature as the record lists it.
func (s *signer) row() Signature {
	out := Signature{
		Number: s.number, Field: line(s.Field), Kind: s.Kind, Page: s.Page, Place: placeOf(s.Box),
		Holder: s.holder(), Role: s.role, Guessed: s.guessed,
		Claimed: vietnam(s.ClaimedTime), Proven: vietnam(s.ProvenTime), When: s.when(),
		Level: s.Level, Indication: s.Indication, SubIndication: s.SubIndication,
		Reason: line(s.Reason), Location: line(s.Location),
	}
	out.Label = s.text("role." + string(s.role))
	switch {
	case s.stamp():
		out.Label = s.text("role.stamp")
	case s.guessed:
		out.Label = s.text("role.guessed", "role", out.Label)
	}
	if c := s.Signer; c != nil {
		sum := sha256.Sum256(c.Raw)
		out.Organisation, out.Issuer = organisationOf(c), s.issuer()
		out.Serial, out.Fingerprint = fmt.Sprintf("%X", c.SerialNumber), hex.EncodeToString(sum[:])
		out.From, out.To = vietnam(c.NotBefore), vietnam(c.NotAfter)
		for i, u := range c.Subject.OrganizationalUnit {
			if u = line(u); u != "" && i < 8 {
				out.Units = append(out.Units, u)
			}
		}
	}
	if s.Err != nil {
		out.Problem = detail(s.Err.Error())
	}
	out.State, out.Summary = s.summary()
	for i, c := range s.Changes {
		if i == maxChanges {
			break
		}
		out.Changes = append(out.Changes, Change{
			Kind: c.Kind, Revision: c.Revision, Page: c.Page, Field: line(c.Field), Forbidden: c.Forbidden,
			Text: s.change(c), Detail: detail(c.Detail),
		})
	}
	for _, w := range s.Warnings {
		out.Warnings = append(out.Warnings, line(string(w)))
	}
	return out
}

func (s *signer) when() string {
	switch t, proven := s.time(); {
	case t.IsZero():
		return s.text("time.none")
	case proven:
		return s.text("time.proven", "time", s.moment(t))
	default:
		return s.text("time.claimed", "time", s.moment(t))
	}
}

// summary is the state of the signature alone, in two or three words.
func (s *signer) summary() (State, string) {
	switch {
	case s.Indication == verify.TotalFailed, s.Crypto != nil && s.Indication != verify.Indeterminate:
		return Fail, s.text("sign.failed")
	case s.Crypto != nil:
		return Unknown, s.text("sign.open")
	case !s.Intact():
		return Fail, s.text("sign.changed")
	case s.passed():
		return Pass, s.text("sign.passed")
	case s.Revocation.State == trust.Revoked:
		return Fail, s.text("sign.revoked")
	case s.SubIndication == verify.CryptoConstraintsFailure:
		return Look, s.text("sign.weak")
	}
	return Unknown, s.text("sign.open")
}

const maxChanges = 200 // listed of one signature

// change names a change and where it was made.
func (l speech) change(c verify.Change) string {
	name := "change." + string(c.Kind)
	if !l.known(name) {
		name = "change.other"
	}
	what := strings.TrimSpace(l.text(name, "field", l.field(c.Field)))
	if c.Page > 0 {
		what = l.text("change.on-page", "change", what, "page", itoa(c.Page))
	}
	return what
}

// field is what a field is for when the program itself makes such fields,
// else its own name.
func (l speech) field(field string) string {
	if name := "field." + field; l.known(name) {
		return l.text(name)
	}
	return line(field)
}

// listed joins the texts of changes, each once.
func (l speech) listed(changes []verify.Change) string {
	const most = 6
	var out []string
	seen := map[string]bool{}
	for _, c := range changes {
		t := l.change(c)
		if seen[t] {
			continue
		}
		if seen[t] = true; len(out) < most {
			out = append(out, t)
		}
	}
	if n := len(seen) - len(out); n > 0 {
		out = append(out, l.text("change.more", "count", itoa(n)))
	}
	return strings.Join(out, "; ")
}
