package shapes

import "fmt"

// catalogShapes have what else can hang on a catalog and must survive.
func catalogShapes() []Shape {
	return []Shape{
		{Name: "structure-tree", Reason: "tagged; a page with StructParents", build: file(structureTree)},
		{Name: "outlines", Pages: 3, build: file(outlines)},
		{Name: "names-tree", Reason: "named destinations and an attached file", Pages: 2, build: file(names)},
		{Name: "optional-content", build: file(optionalContent)},
		{Name: "extensions", build: withCatalog("/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>")},
		{Name: "perms-empty", build: withCatalog("/Perms<<>>")},
		{
			Name: "perms-usage-rights", Expect: Refused, Reason: "usage rights of another program (UR3) end with any other change",
			build: file(usageRights),
		},
		{Name: "viewer-keys", build: withCatalog("/Lang(vi-VN)/PageMode/UseThumbs/PageLayout/OneColumn" +
			"/ViewerPreferences<</DisplayDocTitle true>>/OpenAction[4 0 R/Fit]/PageLabels<</Nums[0<</S/D>>]>>")},
		{
			Name: "open-action-javascript", Reason: "a script that runs on opening: nothing may run it",
			build: withCatalog("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
		},
		{Name: "dss-empty", Reason: "a document security store without content", build: withCatalog("/DSS<<>>")},
	}
}

func withCatalog(keys string) func() ([]byte, error) {
	return file(func() []byte {
		d := NewDocument("1.7", 1)
		d.Catalog = keys
		return d.Finish().Table()
	})
}

func structureTree() []byte {
	d := NewDocument("1.7", 1)
	p := d.Pages[0]
	p.Keys = "/StructParents 0/Tabs/S"
	p.Contents = d.AddFlate([]byte("/P<</MCID 0>>BDC BT /F1 14 Tf 60 700 Td (Tagged) Tj ET EMC"), "").String()
	tree, doc := d.Reserve(), d.Reserve()
	para := d.Add("<</Type/StructElem/S/P/P %v/Pg %v/K 0>>", doc, p.Ref)
	d.Set(doc, "<</Type/StructElem/S/Document/P %v/K[%v]>>", tree, para)
	d.Set(tree, "<</Type/StructTreeRoot/K %v/ParentTree<</Nums[0[%v]]>>/ParentTreeNextKey 1>>", doc, para)
	d.Catalog = fmt.Sprintf("/StructTreeRoot %v/MarkInfo<</Marked true>>/Lang(vi-VN)", tree)
	return d.Finish().Table()
}

func outlines() []byte {
	d := NewDocument("1.7", 3)
	top := d.Reserve()
	items := []Ref{d.Reserve(), d.Reserve(), d.Reserve()}
	for i, title := range []string{"Quyết định", "Điều 1", "Nơi nhận"} {
		links := ""
		if i > 0 {
			links += fmt.Sprintf("/Prev %v", items[i-1])
		}
		if i < 2 {
			links += fmt.Sprintf("/Next %v", items[i+1])
		}
		d.Set(items[i], "<</Title%s/Parent %v%s/Dest[%v/XYZ null null null]>>", TextString(title), top, links, d.Pages[i].Ref)
	}
	d.Set(top, "<</Type/Outlines/First %v/Last %v/Count 3>>", items[0], items[2])
	d.Catalog = fmt.Sprintf("/Outlines %v", top)
	return d.Finish().Table()
}

func names() []byte {
	d := NewDocument("1.7", 2)
	data := d.AddFlate([]byte("so,ngay\n121,2026-11-22\n"), "/Type/EmbeddedFile/Subtype/text#2Fcsv")
	spec := d.Add("<</Type/Filespec/F(so.csv)/UF%s/EF<</F %v>>>>", TextString("sổ.csv"), data)
	kid := d.Add("<</Limits[(a)(b)]/Names[(a)[%v/Fit](b)[%v/Fit]]>>", d.Pages[0].Ref, d.Pages[1].Ref)
	d.Catalog = fmt.Sprintf("/Names<</Dests<</Kids[%v]>>/EmbeddedFiles<</Names[(so.csv)%v]>>>>", kid, spec)
	return d.Finish().Table()
}

func optionalContent() []byte {
	d := NewDocument("1.7", 1)
	layer := d.Add("<</Type/OCG/Name%s>>", TextString("Lớp chữ"))
	d.Pages[0].Keys = fmt.Sprintf("/Resources<</Properties<</L1 %v>>/Font<</F1 3 0 R>>>>", layer)
	d.Pages[0].Contents = d.AddFlate([]byte("/OC/L1 BDC BT /F1 14 Tf 60 700 Td (Layer) Tj ET EMC"), "").String()
	d.Catalog = fmt.Sprintf("/OCProperties<</OCGs[%v]/D<</ON[%v]/Order[%v]>>>>", layer, layer, layer)
	return d.Finish().Table()
}

// usageRights has the shape of a document that was "reader-extended"
// (12.8.2.3); its signature is empty.
func usageRights() []byte {
	d := NewDocument("1.7", 1)
	sig := d.Add("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/Contents<%064d>/ByteRange[0 0 0 0]"+
		"/Reference[<</Type/SigRef/TransformMethod/UR3/TransformParams<</Type/TransformParams/V/2.2/Form[/FillIn]>>>>]>>", 0)
	d.Catalog = fmt.Sprintf("/Perms<</UR3 %v>>", sig)
	return d.Finish().Table()
}
