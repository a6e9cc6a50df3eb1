package shapes

import (
	"fmt"
	"strings"
)

// formShapes differ in their interactive form (12.7).
func formShapes() []Shape {
	text, sig := []string{"ho_ten"}, []string{"chu_ky"}
	return []Shape{
		{Name: "form-direct", Reason: "AcroForm and Fields stand in the catalog", Fields: text, build: form(func(d *Document) {
			d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v]>>", d.addField(textField))
		})},
		{Name: "form-indirect", Fields: text, build: form(func(d *Document) { d.addTextForm() })},
		{Name: "form-fields-indirect", Fields: text, build: form(func(d *Document) {
			d.Catalog = fmt.Sprintf("/AcroForm %v", d.Add("<</Fields %v>>", d.Add("[%v]", d.addField(textField))))
		})},
		{Name: "form-direct-fields-indirect", Fields: text, build: form(func(d *Document) {
			d.Catalog = fmt.Sprintf("/AcroForm<</Fields %v>>", d.Add("[%v]", d.addField(textField)))
		})},
		{Name: "form-without-fields", build: form(func(d *Document) { d.Catalog = "/AcroForm<</DA(/Helv 0 Tf 0 g)>>" })},
		{Name: "form-empty-fields", build: form(func(d *Document) { d.Catalog = "/AcroForm<</Fields[]>>" })},
		{Name: "form-null", build: form(func(d *Document) { d.Catalog = "/AcroForm null" })},
		{
			Name: "form-need-appearances", Reason: "viewers draw the fields anew: the signer should warn", Fields: text,
			build: form(func(d *Document) {
				d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v]/NeedAppearances true>>", d.addField(textField))
			}),
		},
		{
			Name: "form-default-resources", Reason: "DR, DA, Q, CO and an unknown key must stay", Fields: []string{"ho_ten", "co_quan"},
			build: form(defaultResources),
		},
		{Name: "form-hierarchy", Fields: []string{"don.nguoi_ky.ho_ten", "don.nguoi_ky.chuc_vu", "don.ngay"}, build: form(hierarchy)},
		{Name: "form-field-many-widgets", Reason: "one field shown on both pages", Pages: 2, Fields: text, build: file(manyWidgets)},
		{Name: "form-all-types", Fields: []string{"van_ban", "dong_y", "chon", "gui", "lua.chon"}, build: form(allTypes)},
		{
			Name: "form-vietnamese-names", Reason: "ĩ is 01 29 in UTF-16BE, the second byte a closing parenthesis",
			Fields: []string{"Nguyễn Vĩnh Nghĩa", "đóng (dấu)\\"}, build: form(func(d *Document) {
				a := d.addField("/FT/Tx/T" + literalText("Nguyễn Vĩnh Nghĩa") + "/Rect[60 500 300 520]/DA(/F1 12 Tf 0 g)")
				b := d.addField("/FT/Tx/T" + TextString("đóng (dấu)\\") + "/Rect[60 460 300 480]/DA(/F1 12 Tf 0 g)")
				d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v %v]>>", a, b)
			}),
		},
		{
			Name: "form-fields-inherit-type", Reason: "FT and Ff stand at the parent", Fields: []string{"nhom.a", "nhom.b"},
			build: form(func(d *Document) {
				parent := d.Reserve()
				a := d.addField("/T(a)/Rect[60 500 160 520]/Parent " + parent.String())
				b := d.addField("/T(b)/Rect[180 500 300 520]/Parent " + parent.String())
				d.Set(parent, "<</T(nhom)/FT/Tx/Ff 1/DA(/F1 12 Tf 0 g)/Kids[%v %v]>>", a, b)
				d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v]>>", parent)
			}),
		},
		{
			Name: "form-name-taken", Reason: "the names a signer would choose first are taken", Fields: []string{"Signature1", "AnTin_So", "AnTin_Ngay"},
			build: form(func(d *Document) {
				var fields []string
				for _, name := range []string{"Signature1", "AnTin_So", "AnTin_Ngay"} {
					fields = append(fields, d.addField("/FT/Tx/T("+name+")/Rect[0 0 0 0]/DA(/F1 12 Tf 0 g)").String())
				}
				d.Catalog = "/AcroForm<</Fields[" + strings.Join(fields, " ") + "]>>"
			}),
		},

		{Name: "signature-empty-merged", Fields: sig, Empty: sig, build: form(func(d *Document) {
			d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v]/SigFlags 1>>", d.addField(sigField))
		})},
		{Name: "signature-empty-one-kid", Reason: "field and widget are two dictionaries", Fields: sig, Empty: sig, build: form(func(d *Document) {
			field := d.Reserve()
			widget := d.addField("/Rect[320 120 460 190]/Parent " + field.String())
			d.Set(field, "<</FT/Sig/T(chu_ky)/Kids[%v]>>", widget)
			d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v]/SigFlags 1>>", field)
		})},
		{Name: "signature-empty-invisible", Fields: sig, Empty: sig, build: form(func(d *Document) {
			field := d.addField("/FT/Sig/T(chu_ky)/Rect[0 0 0 0]")
			d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v]/SigFlags 1>>", field)
		})},
		{Name: "signature-empty-lock-all", Fields: append(text, sig...), Empty: sig, build: emptyWith("/Lock %v", "<</Type/SigFieldLock/Action/All>>")},
		{
			Name: "signature-empty-lock-include", Fields: append(text, sig...), Empty: sig,
			build: emptyWith("/Lock %v", "<</Type/SigFieldLock/Action/Include/Fields[(ho_ten)]>>"),
		},
		{
			Name: "signature-empty-lock-exclude", Fields: append(text, sig...), Empty: sig,
			build: emptyWith("/Lock %v", "<</Type/SigFieldLock/Action/Exclude/Fields[(ho_ten)]>>"),
		},
		{
			Name: "signature-empty-seed-met", Reason: "chu_ky: every required seed value can be met", Fields: append(text, sig...), Empty: sig,
			build: emptyWith("/SV %v", "<</Type/SV/Ff 67/Filter/Adobe.PPKLite/SubFilter[/ETSI.CAdES.detached/adbe.pkcs7.detached]/DigestMethod[(SHA256)(SHA512)]>>"),
		},
		{
			Name: "signature-empty-seed-optional", Reason: "chu_ky: the seed values cannot be met but are not required", Fields: append(text, sig...), Empty: sig,
			build: emptyWith("/SV %v", "<</Type/SV/Ff 0/Filter/Example.Handler/SubFilter[/example.x]>>"),
		},
		{
			Name: "signature-empty-seed-filter", Reason: "chu_ky cannot be signed: a required handler does not exist", Fields: append(text, sig...), Empty: sig,
			build: emptyWith("/SV %v", "<</Type/SV/Ff 1/Filter/Example.Handler>>"),
		},
		{
			Name: "signature-empty-seed-subfilter", Reason: "chu_ky cannot be signed: only adbe.x509.rsa_sha1 is allowed", Fields: append(text, sig...), Empty: sig,
			build: emptyWith("/SV %v", "<</Type/SV/Ff 2/SubFilter[/adbe.x509.rsa_sha1]>>"),
		},
		{
			Name: "signature-empty-seed-digest", Reason: "chu_ky cannot be signed: only SHA-1 is allowed", Fields: append(text, sig...), Empty: sig,
			build: emptyWith("/SV %v", "<</Type/SV/Ff 64/DigestMethod[(SHA1)]>>"),
		},
		{
			Name: "signature-empty-seed-reasons", Reason: "chu_ky cannot be signed without one of its reasons", Fields: append(text, sig...), Empty: sig,
			build: emptyWith("/SV %v", "<</Type/SV/Ff 8/Reasons["+TextString("Phê duyệt")+"]>>"),
		},
		{Name: "signature-empty-in-hierarchy", Fields: []string{"don.ho_ten", "don.chu_ky"}, Empty: []string{"don.chu_ky"}, build: form(func(d *Document) {
			parent := d.Reserve()
			a := d.addField(textField + "/Parent " + parent.String())
			b := d.addField(sigField + "/Parent " + parent.String())
			d.Set(parent, "<</T(don)/Kids[%v %v]>>", a, b)
			d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v]/SigFlags 1>>", parent)
		})},
		{Name: "xfa-static", Reason: "a static XFA form: the AcroForm shows the same", Fields: text, build: form(func(d *Document) { xfa(d, "") })},
		{
			Name: "xfa-dynamic", Expect: Refused, Reason: "NeedsRendering: the pages are drawn from XFA, not from the PDF", Fields: text,
			build: form(func(d *Document) { xfa(d, "/NeedsRendering true") }),
		},
	}
}

const (
	textField = "/FT/Tx/T(ho_ten)/Rect[60 500 300 520]/DA(/F1 12 Tf 0 g)"
	sigField  = "/FT/Sig/T(chu_ky)/Rect[320 120 460 190]"
)

// form is a document of one page to which change adds a form.
func form(change func(*Document)) func() ([]byte, error) {
	return file(func() []byte {
		d := NewDocument("1.7", 1)
		change(d)
		return d.Finish().Table()
	})
}

// addField adds a field merged with its widget, or a bare widget, to page 1.
func (d *Document) addField(keys string) Ref {
	r := d.Add("<</Type/Annot/Subtype/Widget/F 4/P %v%s>>", d.Pages[0].Ref, keys)
	p := d.Pages[0]
	if !strings.HasSuffix(p.Keys, "]") {
		p.Keys += "/Annots[]"
	}
	p.Keys = strings.TrimSuffix(p.Keys, "]") + " " + r.String() + "]"
	return r
}

// addTextForm adds an indirect form with one text field.
func (d *Document) addTextForm() (form, field Ref) {
	field = d.addField(textField)
	form = d.Add("<</Fields[%v]/DA(/F1 12 Tf 0 g)>>", field)
	d.Catalog += fmt.Sprintf("/AcroForm %v", form)
	return form, field
}

// emptyWith has a text field and an empty signature field with one more key,
// whose value is an object of its own.
func emptyWith(key, value string) func() ([]byte, error) {
	return form(func(d *Document) {
		text := d.addField(textField)
		sig := d.addField(sigField + fmt.Sprintf(key, d.Add("%s", value)))
		d.Catalog = fmt.Sprintf("/AcroForm %v", d.Add("<</Fields[%v %v]/SigFlags 1>>", text, sig))
	})
}

func defaultResources(d *Document) {
	helv := d.Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	look := d.AddStream([]byte("/Tx BMC q BT /Helv 12 Tf 2 5 Td (Nguyen Van An) Tj ET Q EMC"),
		"/Type/XObject/Subtype/Form/BBox[0 0 240 20]/Resources<</Font<</Helv %v>>>>", helv)
	a := d.addField(fmt.Sprintf("/FT/Tx/T(ho_ten)/V(Nguyen Van An)/Rect[60 500 300 520]/DA(/Helv 12 Tf 0 g)/AP<</N %v>>", look))
	b := d.addField("/FT/Tx/T(co_quan)/TU" + TextString("Tên cơ quan") + "/Rect[60 460 300 480]/DA(/Helv 0 Tf 0 g)/Q 1/MaxLen 60")
	d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v %v]/DR<</Font<</Helv %v>>>>/DA(/Helv 0 Tf 0 g)/Q 0/CO[%v]/EXMP_Own[1 2]>>", a, b, helv, b)
}

func hierarchy(d *Document) {
	top, who := d.Reserve(), d.Reserve()
	name := d.addField("/FT/Tx/T(ho_ten)/Rect[60 500 300 520]/DA(/F1 12 Tf 0 g)/Parent " + who.String())
	post := d.addField("/FT/Tx/T(chuc_vu)/Rect[60 460 300 480]/DA(/F1 12 Tf 0 g)/Parent " + who.String())
	date := d.addField("/FT/Tx/T(ngay)/Rect[60 420 300 440]/DA(/F1 12 Tf 0 g)/Parent " + top.String())
	d.Set(who, "<</T(nguoi_ky)/Parent %v/Kids[%v %v]>>", top, name, post)
	d.Set(top, "<</T(don)/Kids[%v %v]>>", who, date)
	d.Catalog = fmt.Sprintf("/AcroForm %v", d.Add("<</Fields[%v]>>", top))
}

func manyWidgets() []byte {
	d := NewDocument("1.7", 2)
	field := d.Reserve()
	var kids []string
	for _, p := range d.Pages {
		w := d.Add("<</Type/Annot/Subtype/Widget/F 4/P %v/Parent %v/Rect[60 500 300 520]>>", p.Ref, field)
		p.Keys = fmt.Sprintf("/Annots[%v]", w)
		kids = append(kids, w.String())
	}
	d.Set(field, "<</FT/Tx/T(ho_ten)/DA(/F1 12 Tf 0 g)/Kids[%s]>>", strings.Join(kids, " "))
	d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v]>>", field)
	return d.Finish().Table()
}

func allTypes(d *Document) {
	blank := d.AddStream(nil, "/Type/XObject/Subtype/Form/BBox[0 0 20 20]")
	states := fmt.Sprintf("/AS/Off/AP<</N<</Yes %v/Off %v>>>>", blank, blank)
	group := d.Reserve()
	fields := []Ref{
		d.addField("/FT/Tx/T(van_ban)/Rect[60 500 300 520]/DA(/F1 12 Tf 0 g)"),
		d.addField("/FT/Btn/T(dong_y)/Rect[60 460 80 480]" + states),
		d.addField("/FT/Ch/Ff 131072/T(chon)/Opt[(a)(b)]/V(a)/Rect[60 420 300 440]/DA(/F1 12 Tf 0 g)"),
		d.addField("/FT/Btn/Ff 65536/T(gui)/Rect[60 380 120 400]/MK<</CA(OK)>>/DA(/F1 12 Tf 0 g)"),
		group,
	}
	radio := d.addField("/FT/Btn/Ff 49152/T(chon)/Rect[60 340 80 360]" + states + "/Parent " + group.String())
	d.Set(group, "<</T(lua)/Kids[%v]>>", radio)
	d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v %v %v %v %v]/DA(/F1 12 Tf 0 g)>>",
		fields[0], fields[1], fields[2], fields[3], fields[4])
}

func xfa(d *Document, keys string) {
	template := d.AddFlate([]byte(`<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform name="form1"/></template>`), "")
	datasets := d.AddFlate([]byte(`<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data/></xfa:datasets>`), "")
	field := d.addField(textField)
	d.Catalog = fmt.Sprintf("/AcroForm<</Fields[%v]/XFA[(template)%v(datasets)%v]>>%s", field, template, datasets, keys)
}
