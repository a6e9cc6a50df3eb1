package pades

import (
	"bytes"
	"crypto"
	"fmt"
	"slices"
	"strings"

	"antin/signer/pdffile"
)

// restrictions are what the signatures of a document allow from now on.
type restrictions struct {
	docMDP     int // strictest certification; 0 when there is none
	certifier  string
	locks      []*pdffile.FieldLock
	lockers    []string
	signatures int
}

func readRestrictions(f *pdffile.File) (restrictions, error) {
	var r restrictions
	sigs, err := f.Signatures()
	if err != nil {
		return r, err
	}
	r.signatures = len(sigs)
	for _, s := range sigs {
		p, locks := f.Transforms(s)
		if p != 0 && (r.docMDP == 0 || p < r.docMDP) {
			r.docMDP, r.certifier = p, s.Field.Name
		}
		for _, l := range locks {
			r.locks, r.lockers = append(r.locks, l), append(r.lockers, s.Field.Name)
		}
	}
	return r, nil
}

func (r restrictions) checkLock(field string) error {
	for i, l := range r.locks {
		if l.Covers(field) {
			return fmt.Errorf("%w: %q, locked by signature %q", ErrLocked, field, r.lockers[i])
		}
	}
	return nil
}

// preflight refuses what the document or the request forbids.
func (p *Plan) preflight() error {
	f, q := p.file, &p.request
	if err := p.checkForm(); err != nil {
		return err
	}
	r, err := readRestrictions(f)
	if err != nil {
		return err
	}
	if r.signatures > 0 && (q.Certify != 0 || len(q.Text) > 0) {
		return fmt.Errorf("%w: the document has %d signatures", ErrNotFirst, r.signatures)
	}
	if q.Certify < 0 || q.Certify > 3 {
		return fmt.Errorf("%w: certification level %d", ErrPlace, q.Certify)
	}
	if err := p.checkCertification(r); err != nil {
		return err
	}
	if q.Field != "" {
		if err := r.checkLock(q.Field); err != nil {
			return err
		}
	}
	for _, v := range q.Fill {
		if err := r.checkLock(v.Field); err != nil {
			return err
		}
	}
	return nil
}

// checkCertification obeys DocMDP (ISO 32000-1, table 254). A new visible field
// counts as an annotation: strict validators call the certification broken even
// at level 3, so only prepared fields and invisible ones are used then.
func (p *Plan) checkCertification(r restrictions) error {
	if r.docMDP == 0 {
		return nil
	}
	q := &p.request
	why := ""
	switch {
	case r.docMDP == 1:
		why = "no change at all is allowed"
	case q.Field == "" && q.Box != (pdffile.Box{}):
		why = "a new visible signature field is not allowed"
	case len(q.Text) > 0:
		why = "new text fields are not allowed"
	}
	if why == "" {
		return nil
	}
	return fmt.Errorf("%w: signature %q certifies at level %d: %s", ErrCertified, r.certifier, r.docMDP, why)
}

// checkForm refuses documents whose form or rights a signature would break.
func (p *Plan) checkForm() error {
	f := p.file
	need := pdffile.PermitFill
	if p.request.Field == "" || len(p.request.Text) > 0 {
		need = pdffile.PermitNewFields
	}
	if !f.Permits(need) {
		return ErrPermission
	}
	cat, _ := f.Catalog()
	if cat["NeedsRendering"] == true { // the pages are made by the XFA processor only
		return ErrDynamicForm
	}
	if perms := f.Dict(cat["Perms"]); perms["UR3"] != nil || perms["UR"] != nil {
		return ErrUsageRights
	}
	return nil
}

// Flags of seed values that are requirements, not wishes (table 234).
const (
	seedFilter = 1 << iota
	seedSubFilter
	seedV
	seedReasons
	seedLegal
	seedRevocation
	seedDigest
	seedLockDocument
	seedAppearance
)

// obeySeed meets the seed values of the field that is to be signed, or refuses
// (12.7.4.5, table 234). It may choose the hash.
func (p *Plan) obeySeed(sv pdffile.Dict) error {
	if sv == nil {
		return nil
	}
	f, q := p.file, &p.request
	ff, _ := f.Int(sv["Ff"])
	required := func(bit int) bool { return ff&bit != 0 }
	refuse := func(what string) error { return fmt.Errorf("%w: %s", ErrSeed, what) }

	if n := f.Name(sv["Filter"]); required(seedFilter) && n != "" && n != "Adobe.PPKLite" {
		return refuse("signature handler " + string(n))
	}
	if list := f.Array(sv["SubFilter"]); required(seedSubFilter) && len(list) > 0 && !slices.Contains(list, pdffile.Object(pdffile.Name(subFilter))) {
		return refuse(fmt.Sprintf("signature format %v", list))
	}
	if v, ok := f.Number(sv["V"]); ok && required(seedV) && v > 3 {
		return refuse(fmt.Sprintf("seed value version %v", v))
	}
	if list := f.Array(sv["DigestMethod"]); len(list) > 0 {
		if err := p.chooseDigest(list, required(seedDigest)); err != nil {
			return err
		}
	}
	if list := f.Array(sv["Reasons"]); required(seedReasons) {
		if err := checkReason(f, list, q.Reason); err != nil {
			return err
		}
	}
	switch {
	case required(seedLegal):
		return refuse("a legal attestation")
	case required(seedRevocation) && sv["AddRevInfo"] == true:
		return refuse("revocation data inside the signature")
	case required(seedLockDocument) && f.Name(sv["LockDocument"]) == "true":
		return refuse("a lock of the whole document")
	case required(seedAppearance) && sv["AppearanceFilter"] != nil:
		return refuse("a named appearance")
	}
	if mdp, ok := f.Int(f.Dict(sv["MDP"])["P"]); ok && mdp != 0 {
		return refuse("a certification") // approval signatures only: number, date and seal come later
	}
	if ts := f.Dict(sv["TimeStamp"]); ts != nil {
		if ff, _ := f.Int(ts["Ff"]); ff&1 != 0 && q.TSA == nil {
			return refuse("a time-stamp from " + f.Text(ts["URL"]))
		}
	}
	return p.checkSeedCertificate(f.Dict(sv["Cert"]))
}

func checkReason(f *pdffile.File, list pdffile.Array, reason string) error {
	var allowed []string
	for _, o := range list {
		allowed = append(allowed, f.Text(o))
	}
	if len(allowed) == 0 || len(allowed) == 1 && allowed[0] == "." { // no reason may be given
		if reason != "" {
			return fmt.Errorf("%w: no reason may be given", ErrSeed)
		}
		return nil
	}
	if !slices.Contains(allowed, reason) {
		return fmt.Errorf("%w: one of the reasons %q", ErrSeed, allowed)
	}
	return nil
}

var digestNames = map[string]crypto.Hash{"SHA256": crypto.SHA256, "SHA384": crypto.SHA384, "SHA512": crypto.SHA512}

// chooseDigest takes the asked-for hash when the field allows it, else the
// first of its list that is strong enough.
func (p *Plan) chooseDigest(list pdffile.Array, required bool) error {
	var allowed []crypto.Hash
	for _, o := range list {
		name := strings.ReplaceAll(p.file.Text(o), "-", "")
		if h, ok := digestNames[strings.ToUpper(name)]; ok {
			allowed = append(allowed, h)
		}
	}
	switch {
	case slices.Contains(allowed, p.profile.Digest()):
	case len(allowed) > 0:
		p.profile.Hash = allowed[0]
	case required:
		return fmt.Errorf("%w: only weak digests are allowed", ErrSeed)
	}
	return nil
}

// checkSeedCertificate obeys the certificate seed values that are required
// (table 235); those it cannot check are refused.
func (p *Plan) checkSeedCertificate(d pdffile.Dict) error {
	f := p.file
	ff, _ := f.Int(d["Ff"])
	const subject, issuer, others = 1, 2, ^3
	has := func(list pdffile.Array, der []byte) bool {
		return slices.ContainsFunc(list, func(o pdffile.Object) bool {
			v, _ := f.Resolve(o)
			s, _ := v.(pdffile.String)
			return bytes.Equal(s, der)
		})
	}
	if list := f.Array(d["Subject"]); ff&subject != 0 && len(list) > 0 && !has(list, p.profile.Certificate.Raw) {
		return fmt.Errorf("%w: another certificate", ErrSeed)
	}
	if list := f.Array(d["Issuer"]); ff&issuer != 0 && len(list) > 0 {
		found := false
		for _, c := range p.profile.Chain {
			found = found || has(list, c.Raw)
		}
		if !found {
			return fmt.Errorf("%w: a certificate of another issuer", ErrSeed)
		}
	}
	if ff&others != 0 {
		return fmt.Errorf("%w: certificate conditions that cannot be checked", ErrSeed)
	}
	return nil
}
