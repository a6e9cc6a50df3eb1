package pades_test

import (
	"errors"
	"slices"
	"testing"

	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/practice"
)

var visible = pdffile.Box{X: 20, Y: 20, W: 30, H: 12}

// TestRefusedShapes: well-formed files that must not be signed or time-stamped are
// refused with a reason a caller can tell apart.
func TestRefusedShapes(t *testing.T) {
	o := newOffice(t)
	typed := []error{
		pades.ErrPermission, pades.ErrDynamicForm, pades.ErrUsageRights,
		pdffile.ErrNotPDF, pdffile.ErrDamaged, pdffile.ErrTrailing, pdffile.ErrTruncated, pdffile.ErrPassword, pdffile.ErrEncryption, pdffile.ErrLimit,
	}
	n := 0
	for _, s := range shapes.All() {
		if s.Expect != shapes.Refused || s.Damaged {
			continue
		}
		n++
		t.Run(s.Name, func(t *testing.T) {
			f, err := pdffile.Open(write(t, s.Data(t)), pdffile.Options{Password: s.Password})
			if err == nil {
				defer f.Close()
				_, err = pades.NewPlan(f, pades.Request{Key: o.leader, Page: 1, Box: visible})
				if _, stamp := pades.NewTimeStampPlan(f, cms.TSA{}); stamp == nil {
					t.Error("a time-stamp is not refused")
				}
			}
			if !slices.ContainsFunc(typed, func(e error) bool { return errors.Is(err, e) }) {
				t.Errorf("%s: got %v", s.Reason, err)
			}
		})
	}
	if n == 0 {
		t.Fatal("no refused shapes")
	}
}

// TestCertified: what each level of a certification lets a later signature do
// (ISO 32000-1, table 254), judged as strictly as the strictest validator.
func TestCertified(t *testing.T) {
	o := newOffice(t)
	base := shapes.Named("signature-empty-merged")
	field := base.Empty[0]
	for _, c := range []struct {
		name  string
		level int
		q     pades.Request
		want  error
	}{
		{"level 1, invisible field", 1, pades.Request{}, pades.ErrCertified},
		{"level 1, prepared field", 1, pades.Request{Field: field}, pades.ErrCertified},
		{"level 2, visible new field", 2, pades.Request{Page: 1, Box: visible}, pades.ErrCertified},
		{"level 2, invisible new field", 2, pades.Request{}, nil},
		{"level 2, prepared field", 2, pades.Request{Field: field}, nil},
		{"level 3, visible new field", 3, pades.Request{Page: 1, Box: visible}, pades.ErrCertified},
		{"level 3, prepared field", 3, pades.Request{Field: field}, nil},
		{"a second certification", 3, pades.Request{Certify: 2}, pades.ErrNotFirst},
		{"text fields after a signature", 3, pades.Request{Text: []pades.TextField{{Name: "So", Page: 1, Box: visible}}}, pades.ErrNotFirst},
	} {
		t.Run(c.name, func(t *testing.T) {
			certified, err := sign(t, write(t, base.Data(t)), "", pades.Request{Key: o.leader, Certify: c.level})
			if err != nil {
				t.Fatal(err)
			}
			c.q.Key = o.seal
			signed, err := sign(t, certified, "", c.q)
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if err == nil {
				o.judge(t, signed, "", 2)
			}
		})
	}
}

// TestSeedValues: a field that asks for what cannot be given is refused, wishes
// are not.
func TestSeedValues(t *testing.T) {
	o := newOffice(t)
	for _, c := range []struct {
		shape, reason string
		want          error
	}{
		{"signature-empty-seed-met", "Phê duyệt", nil},
		{"signature-empty-seed-optional", "Phê duyệt", nil},
		{"signature-empty-seed-filter", "Phê duyệt", pades.ErrSeed},
		{"signature-empty-seed-subfilter", "Phê duyệt", pades.ErrSeed},
		{"signature-empty-seed-digest", "Phê duyệt", pades.ErrSeed},
		{"signature-empty-seed-reasons", "Phê duyệt", nil},
		{"signature-empty-seed-reasons", "Ý kiến khác", pades.ErrSeed},
	} {
		t.Run(c.shape+"/"+c.reason, func(t *testing.T) {
			s := shapes.Named(c.shape)
			f := open(t, write(t, s.Data(t)), "")
			_, err := pades.NewPlan(f, pades.Request{Key: o.leader, Field: s.Empty[0], Reason: c.reason})
			if !errors.Is(err, c.want) {
				t.Errorf("%s: got %v, want %v", s.Reason, err, c.want)
			}
		})
	}
}

// TestLockedFields: signing a prepared field with a lock turns it into FieldMDP,
// and a locked field is never filled or signed afterwards.
func TestLockedFields(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"signature-empty-lock-all", "signature-empty-lock-include", "signature-empty-lock-exclude"} {
		t.Run(name, func(t *testing.T) {
			s := shapes.Named(name)
			path, err := sign(t, write(t, s.Data(t)), "", pades.Request{Key: o.leader, Field: s.Empty[0]})
			if err != nil {
				t.Fatal(err)
			}
			o.judge(t, path, "", 1)
			f := open(t, path, "")
			sigs, err := f.Signatures()
			if err != nil {
				t.Fatal(err)
			}
			_, locks := f.Transforms(sigs[0])
			if len(locks) != 1 {
				t.Fatalf("%d locks in the signature, want the field's one", len(locks))
			}
			for _, field := range s.Fields {
				if field == s.Empty[0] {
					continue
				}
				_, err := pades.NewPlan(f, pades.Request{Key: o.seal, Fill: []pades.Value{{Field: field, Text: "x", Look: text(t, "x")}}})
				if locked := locks[0].Covers(field); errors.Is(err, pades.ErrLocked) != locked {
					t.Errorf("filling %q: got %v, locked: %v", field, err, locked)
				}
			}
		})
	}
}

// TestBadRequests: what does not fit the document costs no signature.
func TestBadRequests(t *testing.T) {
	o := newOffice(t)
	s := shapes.Named("form-indirect")
	expired, err := o.authority.Issue(practice.IdentityOptions{Name: "Hết Hạn", Key: practice.P256, NotBefore: past(2), NotAfter: past(1)})
	if err != nil {
		t.Fatal(err)
	}
	early, err := o.authority.Issue(practice.IdentityOptions{Name: "Chưa Tới", Key: practice.P256, NotBefore: past(-1), NotAfter: past(-2)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		q    pades.Request
		want error
	}{
		{"expired", pades.Request{Key: expired}, cms.ErrCertificateExpired},
		{"not yet valid", pades.Request{Key: early}, cms.ErrCertificateNotYetValid},
		{"no such page", pades.Request{Key: o.seal, Page: 9, Box: visible}, pdffile.ErrNoPage},
		{"beside the page", pades.Request{Key: o.seal, Page: 1, Box: pdffile.Box{X: 200, Y: 5, W: 20, H: 5}}, pades.ErrPlace},
		{"above the page", pades.Request{Key: o.seal, Page: 1, Box: pdffile.Box{X: 20, Y: -5, W: 20, H: 5}}, pades.ErrPlace},
		{"no such field", pades.Request{Key: o.seal, Field: "chu_ky_khac"}, pades.ErrField},
		{"a text field", pades.Request{Key: o.seal, Field: s.Fields[0]}, pades.ErrField},
		{"no such text field", pades.Request{Key: o.seal, Fill: []pades.Value{{Field: "khong_co", Look: text(t, "1")}}}, pades.ErrValueField},
		{"a dot in a name", pades.Request{Key: o.seal, Text: []pades.TextField{{Name: "a.b", Page: 1, Box: visible}}}, pades.ErrValueField},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := open(t, write(t, s.Data(t)), "")
			if _, err := pades.NewPlan(f, c.q); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}
