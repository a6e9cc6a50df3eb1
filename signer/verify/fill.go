package verify

import (
	"bytes"
	"slices"

	"antin/signer/pdffile"
)

// Flags of fields (ISO 32000-1, tables 226 and 230).
const (
	pushButton = 1 << 16 // Btn: it keeps no value
	editable   = 1 << 18 // Ch: any text may be typed
)

// flags of a field, inherited ones too, before the step; ok is false for a field
// that is not found or that nobody may fill.
func (s *step) flags(n *node) (flags int, ok bool) {
	flags, ok = s.fieldIndex().flags[n.field.ref]
	return flags, ok && flags&pdffile.ReadOnly == 0
}

// pressed tells whether a check box or radio button was filled: another of the
// appearance states that were there is shown, and it is that of the value.
func (s *step) pressed(n *node, is pdffile.Dict, differ []pdffile.Name) bool {
	flags, ok := s.flags(n)
	if !ok || flags&pushButton != 0 || !within(differ, names("V AS")) {
		return false
	}
	field := is
	if n.field != n {
		_, field = s.both(n.field.ref.Num)
	}
	value, some := off, false
	if field["V"] != nil {
		value = s.new.Name(field["V"])
	}
	for _, w := range s.widgetsOf(n.field) {
		before, now := s.both(w.ref.Num)
		states := s.old.Dict(s.old.Dict(before["AP"])["N"])
		shown := off
		if now["AS"] != nil {
			shown = s.new.Name(now["AS"])
		}
		if shown != off && (shown != value || states[shown] == nil) {
			return false
		}
		some = some || shown == value
	}
	return value == off || some
}

// off is the state of a button that is not pressed (ISO 32000-1, 12.7.4.2.3).
const off pdffile.Name = "Off"

// widgetsOf are the widgets of a field: itself, or its kids.
func (s *step) widgetsOf(field *node) []*node {
	if kids := s.fieldIndex().kids[field]; len(kids) > 0 {
		return kids
	}
	return []*node{field}
}

// chosen tells whether a choice field was filled: with some of its options, or
// with any text where that may be typed. As with a text field its look follows,
// and is not held against the value: that it was filled is reported either way.
func (s *step) chosen(n *node, is pdffile.Dict, differ []pdffile.Name) bool {
	flags, ok := s.flags(n)
	if !ok || !within(differ, names("V I TI AP")) {
		return false
	}
	if n.field != n {
		return within(differ, names("AP"))
	}
	values, ok := s.strings(is["V"])
	if !ok {
		return false
	}
	options := s.options(n.dict["Opt"])
	known := func(v []byte) bool {
		return slices.ContainsFunc(options, func(o []byte) bool { return bytes.Equal(o, v) })
	}
	if flags&editable == 0 && slices.ContainsFunc(values, func(v []byte) bool { return !known(v) }) {
		return false
	}
	if is["I"] == nil {
		return true
	}
	indices := s.new.Array(is["I"]) // of the chosen options; some viewers go by them
	if len(indices) != len(values) {
		return false
	}
	for _, o := range indices {
		i, ok := s.new.Int(o)
		if !ok || i < 0 || i >= len(options) || !slices.ContainsFunc(values, func(v []byte) bool { return bytes.Equal(v, options[i]) }) {
			return false
		}
	}
	return true
}

// strings are the values of a choice field: none, one, or several.
func (s *step) strings(o pdffile.Object) (out [][]byte, ok bool) {
	switch v, _ := s.new.Resolve(o); v := v.(type) {
	case nil:
		return nil, true
	case pdffile.String:
		return [][]byte{v}, true
	case pdffile.Array:
		for _, o := range v {
			v, _ := s.new.Resolve(o)
			one, ok := v.(pdffile.String)
			if !ok {
				return nil, false
			}
			out = append(out, one)
		}
		return out, true
	}
	return nil, false
}

// options are the export values of a choice field (ISO 32000-1, table 231).
func (s *step) options(o pdffile.Object) [][]byte {
	var out [][]byte
	for _, o := range s.old.Array(o) {
		v, _ := s.old.Resolve(o)
		if pair, ok := v.(pdffile.Array); ok && len(pair) == 2 {
			v, _ = s.old.Resolve(pair[0])
		}
		text, _ := v.(pdffile.String)
		out = append(out, text)
	}
	return out
}
