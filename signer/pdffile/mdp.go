package pdffile

import "slices"

// FieldLock names the form fields that a signature fixes (12.8.2.4, 12.7.4.5).
type FieldLock struct {
	Action string // All, Include or Exclude
	Fields []string
}

// Covers tells whether the lock fixes the field of that full name. Naming a
// parent fixes its children. An unknown action covers everything.
func (l *FieldLock) Covers(name string) bool {
	if l == nil {
		return false
	}
	named := slices.ContainsFunc(l.Fields, func(f string) bool {
		return f == name || len(name) > len(f) && name[:len(f)] == f && name[len(f)] == '.'
	})
	switch l.Action {
	case "Include":
		return named
	case "Exclude":
		return !named
	}
	return true
}

// Dict is the lock as the signature field's /Lock.
func (l *FieldLock) Dict() Dict {
	d := Dict{"Type": Name("SigFieldLock"), "Action": Name(l.Action)}
	if l.Action != "All" {
		d["Fields"] = l.names()
	}
	return d
}

// Reference is the lock as a FieldMDP signature reference, the form in which
// validators enforce it (12.8.1, table 253).
func (l *FieldLock) Reference(catalog Ref) Dict {
	params := Dict{"Type": Name("TransformParams"), "V": Name("1.2"), "Action": Name(l.Action)}
	if l.Action != "All" {
		params["Fields"] = l.names()
	}
	return Dict{"Type": Name("SigRef"), "TransformMethod": Name("FieldMDP"), "Data": catalog, "TransformParams": params}
}

func (l *FieldLock) names() Array {
	out := Array{}
	for _, f := range l.Fields {
		out = append(out, TextString(f))
	}
	return out
}

// ReadLock reads a /Lock dictionary or the parameters of FieldMDP; nil when
// there is none.
func (f *File) ReadLock(o Object) *FieldLock {
	d := f.Dict(o)
	if d == nil {
		return nil
	}
	l := &FieldLock{Action: string(f.Name(d["Action"]))}
	for _, n := range f.Array(d["Fields"]) {
		l.Fields = append(l.Fields, f.Text(n))
	}
	return l
}

// Transforms reads what a signature allows afterwards: the permission of a
// certification (DocMDP, 1–3; 0 when it is none) and the fields it locks. A
// signature may carry several locks.
func (f *File) Transforms(s Signature) (docMDP int, locks []*FieldLock) {
	for _, o := range f.Array(s.Dict["Reference"]) {
		ref := f.Dict(o)
		params := f.Dict(ref["TransformParams"])
		switch f.Name(ref["TransformMethod"]) {
		case "DocMDP":
			docMDP = 2 // 12.8.2.2.2, table 254: the default
			if p, ok := f.Int(params["P"]); ok {
				docMDP = p
			}
		case "FieldMDP":
			if l := f.ReadLock(params); l != nil {
				locks = append(locks, l)
			}
		}
	}
	return docMDP, locks
}
