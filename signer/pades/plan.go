package pades

import (
	"fmt"
	"strconv"
	"time"

	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/pdffile"
)

// subFilter names the format of the signature (ETSI EN 319 142-1, 6.3).
const subFilter = "ETSI.CAdES.detached"

// Plan is a checked request, ready to be written. It holds one revision and no
// part of the source.
type Plan struct {
	file    *pdffile.File
	update  *pdffile.Update
	request Request
	profile cms.Profile
	scheme  cms.Scheme

	field     string      // name of the signature field
	signature pdffile.Ref // of the signature dictionary
}

// NewPlan checks the request against the document and the certificate and
// prepares the revision; nothing is written and the key is not used. Errors:
// the sentinels of this package, of cms for the certificate, of pdffile for the
// document, of appearance for what is shown.
func NewPlan(f *pdffile.File, q Request) (*Plan, error) {
	if q.Time.IsZero() {
		q.Time = time.Now()
	}
	cert := q.Key.Certificate()
	if err := cms.CheckCertificate(cert, q.Time); err != nil {
		return nil, err
	}
	wish := cms.PKCS1v15
	if q.PSS {
		wish = cms.PSS
	}
	scheme, err := wish.For(cert)
	if err != nil {
		return nil, err
	}
	p := &Plan{
		file: f, update: f.NewUpdate(), request: q, scheme: scheme,
		profile: cms.Profile{Certificate: cert, Chain: q.Key.Chain(), Hash: q.Hash, Scheme: scheme},
	}
	if err := p.preflight(); err != nil {
		return nil, err
	}
	return p, p.build()
}

// build puts everything that the revision changes into the update.
func (p *Plan) build() error {
	// The number comes first so that the field can name it; the dictionary
	// itself follows when lock and hash are known.
	p.signature = p.update.Add(nil)
	lock := p.request.Lock
	var fields []pdffile.Ref
	if p.request.Field != "" {
		own, err := p.fillSignatureField()
		if err != nil {
			return err
		}
		if lock == nil {
			lock = own
		}
	} else {
		ref, err := p.newSignatureField("AnTin_ChuKy_")
		if err != nil {
			return err
		}
		fields = append(fields, ref)
	}
	for _, t := range p.request.Text {
		ref, err := p.newTextField(t)
		if err != nil {
			return fmt.Errorf("text field %q: %w", t.Name, err)
		}
		fields = append(fields, ref)
	}
	for _, v := range p.request.Fill {
		if err := p.fillText(v); err != nil {
			return fmt.Errorf("text field %q: %w", v.Field, err)
		}
	}
	if err := p.setForm(fields...); err != nil {
		return err
	}
	p.update.Set(p.signature, p.dictionary(lock))
	if p.request.Certify != 0 {
		p.setPermissions()
	}
	return nil
}

// setForm puts new fields into the form, which has signatures from now on.
func (p *Plan) setForm(fields ...pdffile.Ref) error {
	form, _ := p.file.AcroForm()
	flags, _ := p.file.Int(form["SigFlags"])
	entries := pdffile.Dict{"SigFlags": flags | 3} // SignaturesExist, AppendOnly: table 219
	if len(p.request.Text) > 0 {
		entries["DR"] = p.formResources(form)
	}
	return p.update.SetForm(entries, fields...)
}

// dictionary is the signature dictionary (ISO 32000-1, table 252, as EN 319
// 142-1, 6.3 narrows it: no /Cert, /M present).
func (p *Plan) dictionary(lock *pdffile.FieldLock) pdffile.Dict {
	q := &p.request
	d := pdffile.Dict{
		"Type": pdffile.Name("Sig"), "Filter": pdffile.Name("Adobe.PPKLite"), "SubFilter": pdffile.Name(subFilter),
		"ByteRange": pdffile.ByteRangeSlot{}, "Contents": pdffile.ContentsSlot{Bytes: p.profile.Size(q.TSA != nil)},
		"M": pdffile.Date(q.Time),
	}
	for key, text := range map[pdffile.Name]string{"Name": q.Name, "Reason": q.Reason, "Location": q.Location} {
		if text != "" {
			d[key] = pdffile.TextString(text)
		}
	}
	var refs pdffile.Array
	_, catalog := p.file.Catalog()
	if q.Certify != 0 {
		refs = append(refs, pdffile.Dict{
			"Type": pdffile.Name("SigRef"), "TransformMethod": pdffile.Name("DocMDP"),
			"TransformParams": pdffile.Dict{"Type": pdffile.Name("TransformParams"), "V": pdffile.Name("1.2"), "P": q.Certify},
		})
	}
	if lock != nil {
		refs = append(refs, lock.Reference(catalog))
	}
	if refs != nil {
		d["Reference"] = refs
	}
	return d
}

// setPermissions names a certification in the catalog (12.8.4).
func (p *Plan) setPermissions() {
	_, ref := p.file.Catalog()
	cat := p.update.Dict(ref).Clone()
	perms := pdffile.Dict{}
	if old := p.file.Dict(cat["Perms"]); old != nil {
		perms = old.Clone()
	}
	perms["DocMDP"] = p.signature
	cat["Perms"] = perms
	p.update.Set(ref, cat)
}

// newSignatureField makes a field with one widget (12.5.6.19), named by prefix
// and a number.
func (p *Plan) newSignatureField(prefix string) (pdffile.Ref, error) {
	q := &p.request
	name, err := p.freeName(prefix)
	if err != nil {
		return pdffile.Ref{}, err
	}
	number := q.Page
	if number == 0 && q.Box == (pdffile.Box{}) {
		number = 1 // an invisible field must stand on some page
	}
	page, err := p.file.Page(number)
	if err != nil {
		return pdffile.Ref{}, err
	}
	d := pdffile.Dict{
		"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Sig"),
		"T": pdffile.TextString(name), "V": p.signature, "P": page.Ref,
		"F":    132, // Print, Locked: table 165
		"Rect": pdffile.Array{0, 0, 0, 0},
	}
	if q.Box != (pdffile.Box{}) {
		if err := onPage(page, q.Box); err != nil {
			return pdffile.Ref{}, err
		}
		d["Rect"] = page.Rect(q.Box).Array()
		look := q.Look
		if look == nil {
			look = appearance.NewLook(q.Box.W, q.Box.H)
		}
		if d["AP"], err = p.appearance(look, page); err != nil {
			return pdffile.Ref{}, err
		}
	}
	if q.Lock != nil {
		d["Lock"] = p.update.Add(q.Lock.Dict())
	}
	p.field = name
	ref := p.update.Add(d)
	return ref, p.update.AddAnnotation(page, ref)
}

func onPage(page pdffile.Page, b pdffile.Box) error {
	w, h := page.Size()
	const slack = 0.01 // mm, for rounded typed numbers
	if b.W <= 0 || b.H <= 0 || b.X < -slack || b.Y < -slack || b.X+b.W > w+slack || b.Y+b.H > h+slack {
		return fmt.Errorf("%w: %.1f × %.1f mm at %.1f, %.1f on page %d of %.1f × %.1f mm",
			ErrPlace, b.W, b.H, b.X, b.Y, page.Number, w, h)
	}
	return nil
}

// freeName is a field name that no top-level field has, without a dot: two
// signatures of one name hide each other in readers.
func (p *Plan) freeName(prefix string) (string, error) {
	taken := map[string]bool{}
	form, _ := p.file.AcroForm()
	for _, o := range p.file.Array(form["Fields"]) {
		taken[p.file.Text(p.file.Dict(o)["T"])] = true
	}
	for i := 1; i < 100_000; i++ {
		if name := prefix + strconv.Itoa(i); !taken[name] {
			return name, nil
		}
	}
	return "", fmt.Errorf("%w: too many fields", ErrField)
}

// fillSignatureField signs an empty field that the document brings along. Its
// name, place and flags stay; its own /Lock, if any, is returned.
func (p *Plan) fillSignatureField() (*pdffile.FieldLock, error) {
	q := &p.request
	fl, err := p.file.Field(q.Field)
	if err != nil || fl.Type != "Sig" || fl.Value != nil || fl.Ref == (pdffile.Ref{}) || len(fl.Widgets) > 1 {
		return nil, fmt.Errorf("%w: %q", ErrField, q.Field)
	}
	if err := p.obeySeed(p.file.Dict(fl.Dict["SV"])); err != nil {
		return nil, err
	}
	p.field = fl.Name
	d := fl.Dict.Clone()
	d["V"] = p.signature
	p.update.Set(fl.Ref, d)
	if len(fl.Widgets) == 1 && q.Look != nil && fl.Widgets[0].Page != 0 {
		if err := p.setAppearance(fl.Widgets[0], q.Look, nil); err != nil {
			return nil, err
		}
	}
	lock := p.file.ReadLock(fl.Dict["Lock"])
	if lockDict := p.file.Dict(fl.Dict["Lock"]); lockDict["P"] != nil { // ISO 32000-2, table 236
		return nil, fmt.Errorf("%w: a lock that certifies", ErrSeed)
	}
	return lock, nil
}

// setAppearance gives an existing widget its look and further keys.
func (p *Plan) setAppearance(w pdffile.Widget, look *appearance.Look, more pdffile.Dict) error {
	page, err := p.file.Page(w.Page)
	if err != nil {
		return err
	}
	ap, err := p.appearance(look, page)
	if err != nil {
		return err
	}
	d := p.update.Dict(w.Ref).Clone()
	d["AP"] = ap
	delete(d, "AS")
	for k, v := range more {
		d[k] = v
	}
	p.update.Set(w.Ref, d)
	return nil
}

func (p *Plan) appearance(look *appearance.Look, page pdffile.Page) (pdffile.Dict, error) {
	claim := p.file.PDFA()
	ref, err := look.Form(p.update, page.Geometry, appearance.Constraints{PDFA: claim.Part, OutputIntentRGB: claim.OutputIntentRGB})
	if err != nil {
		return nil, err
	}
	return pdffile.Dict{"N": ref}, nil
}

// Field is the name of the signature field that the plan fills.
func (p *Plan) Field() string { return p.field }
