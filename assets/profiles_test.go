package assets

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestProfiles(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Profiles() {
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
		if seen[p.Name] {
			t.Errorf("%s stands there twice", p.Name)
		}
		seen[p.Name] = true
		if got := ProfileNamed(p.Name); got != p {
			t.Errorf("ProfileNamed(%q) = %q", p.Name, got.Name)
		}
		if p.Editable != (p.Name == ProfileOwn) {
			t.Errorf("%s: editable %v", p.Name, p.Editable)
		}
		for _, v := range p.Values() {
			if v.Certainty == "U" && v.Article == "" {
				t.Errorf("%s: %s is uncertain and says not why", p.Name, v.Path)
			}
		}
	}
	if ProfileNamed("no such").Name != ProfileND30 {
		t.Error("an unknown name is not the default")
	}
}

// The rules that the geometry of seals and texts stands on.
func TestProfileValues(t *testing.T) {
	for _, c := range []struct{ profile, path, value, certainty string }{
		{ProfileND30, "seal.overlap_left", "0.333", "Q"},
		{ProfileND30, "seal.diameter", "null", "Q"},
		{ProfileND30, "page.left", "[30,35]", "Q"},
		{ProfileND30, "copy.pt", "[10,10]", "Q"},
		{ProfileND30, "copy.lines", `["copy_form","agency","time"]`, "Q"},
		{ProfileND30, "scan.dpi_min", "200", "Q"},
		{ProfileParty, "authority", `["T/M","K/T","T/L"]`, "Q"},
		{ProfileParty, "page.right", "[15,15]", "Q"},
		{ProfileParty, "seal.overlap_left", "0.333", "U"},
		{ProfileParty, "copy.lines", "null", "U"},
		{ProfileParty, "attachment.lines", `["doc_number","time"]`, "Q"}, // from nd30-2020
		{ProfileParty18, "page.right", "[15,15]", "Q"},                   // from dang-2026
		{ProfileArchive, "copy.lines", `["agency","time"]`, "Q"},
		{ProfileArchive, "scan.pdfa", "true", "Q"},
		{ProfileOwn, "date.style", `"italic"`, "Q"},
	} {
		found := false
		for _, v := range ProfileNamed(c.profile).Values() {
			if v.Path != c.path {
				continue
			}
			found = true
			if v.Value != c.value || v.Certainty != c.certainty {
				t.Errorf("%s %s = %s (%s), want %s (%s)", c.profile, c.path, v.Value, v.Certainty, c.value, c.certainty)
			}
		}
		if !found {
			t.Errorf("%s has no %s", c.profile, c.path)
		}
	}
}

func TestOwnProfile(t *testing.T) {
	before, err := json.Marshal(ProfileNamed(ProfileND30))
	if err != nil {
		t.Fatal(err)
	}
	p, err := ParseProfile([]byte(`{"name":"tu-chon","base":"tu-chon","editable":true,"page":{"right":{"value":[12,12],"article":"quy chế cơ quan","certainty":"I"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if p.Page.Right.Or(Range{}) != (Range{12, 12}) || p.Page.Left.Or(Range{}) != (Range{30, 35}) {
		t.Errorf("right %v, left %v", p.Page.Right.Or(Range{}), p.Page.Left.Or(Range{}))
	}
	after, err := json.Marshal(ProfileNamed(ProfileND30))
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) {
		t.Error("reading a profile has changed its base")
	}
	if !(Range{20, 25}).Contains(19.9, 0.2) || (Range{20, 25}).Contains(26, 0.2) {
		t.Error("Contains")
	}
}

func TestProfileRefusals(t *testing.T) {
	for name, c := range map[string]struct{ profile, want string }{
		"not JSON":       {`{`, "reading"},
		"no base":        {`{"name":"x","base":"y"}`, "no base"},
		"unknown field":  {`{"name":"x","base":"nd30-2020","seals":{}}`, "unknown field"},
		"certainty":      {`{"name":"x","base":"nd30-2020","seal":{"show":{"value":"image","article":"a","certainty":"Z"}}}`, "seal.show: no article or certainty Z"},
		"share":          {`{"name":"x","base":"nd30-2020","seal":{"overlap_left":{"value":3}}}`, "overlap_left"},
		"range upside":   {`{"name":"x","base":"nd30-2020","page":{"top":{"value":[25,20]}}}`, "page.top"},
		"seal too large": {`{"name":"x","base":"nd30-2020","seal":{"diameter":{"value":360}}}`, "diameter"},
		"unknown line":   {`{"name":"x","base":"nd30-2020","copy":{"lines":{"value":["signature"]}}}`, "copy.lines"},
		"no words":       {`{"name":"x","base":"nd30-2020","authority":{"value":[]}}`, "authority"},
		"style":          {`{"name":"x","base":"nd30-2020","date":{"style":{"value":"bold"}}}`, "date.style"},
		"paper":          {`{"name":"x","base":"nd30-2020","page":{"width":{"value":0}}}`, "page.width: outside"},
		"empty":          {`{}`, "norm: is needed"},
	} {
		if _, err := ParseProfile([]byte(c.profile)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
