package verify_test

import (
	"strings"
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/verify"
)

// withButtons is a form of buttons and choices, made before any signature: 10 a
// check box Dau with the states Co and Off, 11 a radio button Chon with the
// widgets 12 (A) and 13 (B), 14 a push button, 15 a list, 16 a combo box that may
// be typed into, 17 a check box that nobody may fill. 18 and 19 are looks.
func withButtons() []byte {
	page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Annots[10 0 R 12 0 R 13 0 R 14 0 R 15 0 R 16 0 R 17 0 R]>>"
	widget := "<</Type/Annot/Subtype/Widget/P 3 0 R/F 4/Rect[%d 100 %d 120]%s>>"
	states := func(on string) string { return "/AP<</N<</" + on + " 18 0 R/Off 19 0 R>>>>" }
	at := func(n int, keys string) string { return sprintf(widget, 20*n, 20*n+15, keys) }
	look := "<</Type/XObject/Subtype/Form/BBox[0 0 15 20]/Length 3>>\nstream\n0 g\nendstream"
	return build(
		"<</Type/Catalog/Pages 2 0 R/AcroForm 9 0 R>>",
		"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
		page, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R>>",
		"<</Length 3>>\nstream\n0 g\nendstream", "<</Length 3>>\nstream\n0 G\nendstream",
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		"<</Title(Bieu mau)>>",
		"<</Fields[10 0 R 11 0 R 14 0 R 15 0 R 16 0 R 17 0 R]/DA(/F1 0 Tf 0 g)/DR<</Font<</F1 7 0 R>>>>>>",
		at(1, "/FT/Btn/T(Dau)/V/Off/AS/Off"+states("Co")),
		"<</FT/Btn/Ff 49152/T(Chon)/V/Off/Kids[12 0 R 13 0 R]>>",
		at(2, "/Parent 11 0 R/AS/Off"+states("A")),
		at(3, "/Parent 11 0 R/AS/Off"+states("B")),
		at(4, "/FT/Btn/Ff 65536/T(Nhan)/AP<</N 18 0 R>>"),
		at(5, "/FT/Ch/T(DanhMuc)/Opt[[(1)(Mot)][(2)(Hai)]]/V(1)/I[0]"),
		at(6, "/FT/Ch/Ff 393216/T(Go)/Opt[(Mot)(Hai)]"),
		at(7, "/FT/Btn/Ff 1/T(Khoa)/V/Off/AS/Off"+states("Co")),
		look, strings.Replace(look, "0 g", "1 g", 1),
	)
}

// several does one update of several objects.
func several(all ...update) update {
	return func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
		for _, c := range all {
			c(t, f, u)
		}
	}
}

func press(num int, value pdffile.Name) update {
	return edit(num, pdffile.Dict{"V": value, "AS": value})
}

// buttonChanges: buttons and choices are filled with what they do not offer, or
// show something else than their value.
func buttonChanges(t testing.TB, p int) []sample {
	pdf := withButtons()
	signed := sign(t, pdf, pades.Request{Key: theOffice(t).leader, Certify: p})
	var rows []sample
	for _, c := range []struct {
		name   string
		change update
	}{
		{"box with a state that was not there", press(10, "Khong")},
		{"box with a new look", several(press(10, "Co"), edit(10, pdffile.Dict{"AP": pdffile.Dict{"N": pdffile.Dict{"Co": ref(19)}}}))},
		{"box pressed, shown as it was", edit(10, pdffile.Dict{"V": pdffile.Name("Co")})},
		{"box shown pressed, value as it was", edit(10, pdffile.Dict{"AS": pdffile.Name("Co")})},
		{"box hidden", several(press(10, "Co"), edit(10, pdffile.Dict{"F": 2}))},
		{"radio button: both shown", several(edit(11, pdffile.Dict{"V": pdffile.Name("A")}), edit(12, pdffile.Dict{"AS": pdffile.Name("A")}), edit(13, pdffile.Dict{"AS": pdffile.Name("B")}))},
		{"radio button: another shown", several(edit(11, pdffile.Dict{"V": pdffile.Name("A")}), edit(13, pdffile.Dict{"AS": pdffile.Name("B")}))},
		{"push button with a look", edit(14, pdffile.Dict{"AP": pdffile.Dict{"N": ref(19)}})},
		{"push button with a value", press(14, "Co")},
		{"list with what is no option", edit(15, pdffile.Dict{"V": pdffile.String("3"), "I": nil})},
		{"list whose mark is at another option", edit(15, pdffile.Dict{"V": pdffile.String("2")})},
		{"list with other options", edit(15, pdffile.Dict{"Opt": pdffile.Array{pdffile.String("9")}})},
		{"list with a stream for a value", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(15, pdffile.Dict{"V": u.Add(form("9")), "I": nil})(t, f, u)
		}},
		{"box that nobody may fill", press(17, "Co")},
	} {
		rows = append(rows, forbidden(c.name, updated(signed, c.change), verify.ChangedField))
	}
	if p == 1 {
		rows = append(rows, forbidden("box pressed", updated(signed, press(10, "Co")), verify.FilledField))
	}
	lock := pdffile.Dict{"Action": pdffile.Name("Include"), "Fields": pdffile.Array{pdffile.String("Dau"), pdffile.String("DanhMuc")}}
	return append(rows,
		forbidden("locked box pressed", updated(restrict(t, pdf, p, lock), press(10, "Co")), verify.ChangedLocked),
		forbidden("locked list filled", updated(restrict(t, pdf, p, lock), edit(15, pdffile.Dict{"V": pdffile.String("2"), "I": pdffile.Array{1}})), verify.ChangedLocked),
	)
}

// filledButtons are the permitted ways to fill them.
func filledButtons(t testing.TB) []sample {
	var rows []sample
	for _, c := range []struct {
		name   string
		change update
	}{
		{"box pressed", press(10, "Co")},
		{"radio button A", several(edit(11, pdffile.Dict{"V": pdffile.Name("A")}), edit(12, pdffile.Dict{"AS": pdffile.Name("A")}))},
		{"list: the other option", edit(15, pdffile.Dict{"V": pdffile.String("2"), "I": pdffile.Array{1}})},
		{"list: nothing", edit(15, pdffile.Dict{"V": nil, "I": nil})},
		{"list with its look", func(t testing.TB, f *pdffile.File, u *pdffile.Update) {
			edit(15, pdffile.Dict{"V": pdffile.String("2"), "I": pdffile.Array{1}, "AP": pdffile.Dict{"N": u.Add(form("0 g"))}})(t, f, u)
		}},
		{"text typed into a combo box", edit(16, pdffile.Dict{"V": pdffile.TextString("Khác")})},
	} {
		for _, p := range []int{0, 2} {
			signed := sign(t, withButtons(), pades.Request{Key: theOffice(t).leader, Certify: p})
			s := good(sprintf("%s, P%d", c.name, p), updated(signed, c.change))
			s.check = func(t *testing.T, r *verify.Report) {
				if ch := r.Signatures[0].Changes; len(ch) == 0 || ch[0].Kind != verify.FilledField || ch[0].Page != 1 {
					t.Error(describe(r))
				}
			}
			rows = append(rows, s)
		}
	}
	return rows
}
