package assets

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// OwnArticle stands for the article of a value that the office has set itself.
const OwnArticle = "do cơ quan tự đặt"

// settable are the values that the program goes by. The others tell what the norm
// says: where the signature stands is found, the seal's size is entered for each
// certificate, number and date take the size of the type around them.
var settable = []string{
	"page.width", "page.height", "page.top", "page.bottom", "page.right", "authority", "leader.width", "leader.height", "seal.overlap_left", "seal.optional",
	"number.style", "number.two_digits_below", "date.style", "date.two_digits_below", "urgency.pt", "urgency.frames",
	"attachment.pt", "attachment.lines", "copy.pt", "copy.lines", "time.layout", "file_name",
	"scan.pdf_min", "scan.colour", "scan.colour_bits_min", "scan.dpi_min", "scan.dpi_min_drawings", "scan.scale", "scan.pdfa", "scan.text_layer",
	"scan.size_tolerance", "scan.skew_max",
}

// ProfileValue is one rule of a profile as text, for lists and tooltips.
type ProfileValue struct {
	Path      string // such as seal.overlap_left
	Value     string // as JSON; null where the norm fixes nothing
	Article   string
	Certainty string
}

// rules calls do for every rule of a profile in its order: its path and the
// Rule itself.
func (p *Profile) rules(do func(path string, rule reflect.Value)) {
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		for i := range v.NumField() {
			field := v.Field(i)
			if field.Kind() != reflect.Struct {
				continue
			}
			at := strings.TrimPrefix(path+"."+v.Type().Field(i).Tag.Get("json"), ".")
			if field.FieldByName("Certainty").IsValid() {
				do(at, field)
			} else {
				walk(field, at)
			}
		}
	}
	walk(reflect.ValueOf(p).Elem(), "")
}

// Values lists all rules of a profile in their order.
func (p *Profile) Values() []ProfileValue {
	var out []ProfileValue
	p.rules(func(path string, rule reflect.Value) {
		b, err := json.Marshal(rule.FieldByName("Value").Interface())
		if err != nil {
			b = []byte("null") // numbers that JSON lacks; Validate refuses them
		}
		out = append(out, ProfileValue{path, string(b), rule.FieldByName("Article").String(), rule.FieldByName("Certainty").String()})
	})
	return out
}

// Own are the values that differ from those of the base, in their order.
func (p *Profile) Own() []ProfileValue {
	base := ProfileNamed(p.Base).Values()
	return slices.DeleteFunc(p.Values(), func(v ProfileValue) bool { return slices.Contains(base, v) })
}

// ownArticles gives the values that stand under the base's article, but differ
// from the base's, to the office.
func (p *Profile) ownArticles() {
	base := map[string]ProfileValue{}
	for _, v := range ProfileNamed(p.Base).Values() {
		base[v.Path] = v
	}
	own := map[string]bool{}
	for _, v := range p.Values() {
		own[v.Path] = v.Value != base[v.Path].Value && v.Article == base[v.Path].Article
	}
	p.rules(func(path string, rule reflect.Value) {
		if own[path] {
			rule.FieldByName("Article").SetString(OwnArticle)
			rule.FieldByName("Certainty").SetString("I")
		}
	})
}

// Set gives a rule another value, as JSON or as a bare word, and says that the
// office has set it; a value that the program does not go by is refused. null fixes nothing; "" goes back to the base's value. The
// profile stays as it was when the value cannot be used. Errors:
// [*ProfileError].
func (p *Profile) Set(path, value string) error {
	c, found, readable := p.Clone(), false, true
	var base reflect.Value
	ProfileNamed(p.Base).Clone().rules(func(at string, rule reflect.Value) {
		if at == path {
			base = rule
		}
	})
	c.rules(func(at string, rule reflect.Value) {
		if at != path {
			return
		}
		found = true
		if value == "" {
			rule.Set(base)
			return
		}
		to := reflect.New(rule.FieldByName("Value").Type())
		if json.Unmarshal([]byte(value), to.Interface()) != nil {
			word, err := json.Marshal(value)
			readable = err == nil && json.Unmarshal(word, to.Interface()) == nil
		}
		rule.FieldByName("Value").Set(to.Elem())
		rule.FieldByName("Article").SetString(OwnArticle)
		rule.FieldByName("Certainty").SetString("I")
	})
	switch {
	case !found:
		return &ProfileError{p.Name, []ProfileFault{{path, UnknownValue, ""}}}
	case !slices.Contains(settable, path):
		return &ProfileError{p.Name, []ProfileFault{{path, ForReading, value}}}
	case !readable:
		return &ProfileError{p.Name, []ProfileFault{{path, WrongKind, value}}}
	}
	if err := c.Validate(); err != nil {
		return err
	}
	*p = *c
	return nil
}

// JSON is a profile as [ParseProfile] reads it: its names, and of its values
// those that differ from the base's.
func (p *Profile) JSON() ([]byte, error) {
	tree := map[string]any{"name": p.Name, "title": p.Title, "base": p.Base, "norm": p.Norm, "editable": p.Editable}
	for _, v := range p.Own() {
		at, steps := tree, strings.Split(v.Path, ".")
		for _, step := range steps[:len(steps)-1] {
			if at[step] == nil {
				at[step] = map[string]any{}
			}
			at = at[step].(map[string]any)
		}
		at[steps[len(steps)-1]] = map[string]any{"value": json.RawMessage(v.Value), "article": v.Article, "certainty": v.Certainty}
	}
	b, err := json.MarshalIndent(tree, "", "\t")
	if err != nil {
		return nil, fmt.Errorf("writing layout profile %q: %w", p.Name, err)
	}
	return append(b, '\n'), nil
}

// ValueKind is how a value of a profile is written.
type ValueKind int

// The kinds of values.
const (
	TextValue   ValueKind = iota
	NumberValue           // mm, pt, dpi, a share of one
	RangeValue            // two numbers
	TruthValue
	TextsValue  // several words
	FramesValue // sizes in mm by word
)

// KindOf is the kind of a value, by its path; ok is false for one that the program
// does not go by.
func KindOf(path string) (kind ValueKind, ok bool) {
	ProfileNamed(ProfileND30).rules(func(at string, rule reflect.Value) {
		if at != path {
			return
		}
		switch rule.FieldByName("Value").Interface().(type) {
		case *float64, *int:
			kind = NumberValue
		case *Range:
			kind = RangeValue
		case *bool:
			kind = TruthValue
		case *[]string:
			kind = TextsValue
		case *map[string][2]float64:
			kind = FramesValue
		}
	})
	return kind, slices.Contains(settable, path)
}
