package assets

import (
	"regexp"
	"slices"
	"testing"
	"time"
)

func TestAnchors(t *testing.T) {
	digits := regexp.MustCompile(`^[0-9A-F]{64}$`)
	seen := map[string]bool{}
	for _, a := range Anchors() {
		if a.Name == "" || !digits.MatchString(a.SHA256) || seen[a.SHA256] {
			t.Errorf("%+v: a name and a fingerprint of its own are needed", a)
		}
		seen[a.SHA256] = true
		if !slices.Contains([]string{"G1", "G2", "public"}, a.Generation) || !slices.Contains([]string{"root", "issuing"}, a.Role) || !slices.Contains([]string{"A", "B", "C"}, a.Certainty) {
			t.Errorf("%s: generation %q, role %q, certainty %q", a.Name, a.Generation, a.Role, a.Certainty)
		}
		// What was seen has dates, and what was not has none.
		from, err1 := time.Parse(time.DateOnly, a.From)
		to, err2 := time.Parse(time.DateOnly, a.To)
		if seen := err1 == nil && err2 == nil && from.Before(to); seen == (a.Certainty == "C") {
			t.Errorf("%s: certainty %s with dates %q and %q", a.Name, a.Certainty, a.From, a.To)
		}
		if a.Certainty == "A" && !regexp.MustCompile(`^[0-9A-F]{40}$`).MatchString(a.SKI) {
			t.Errorf("%s: subject key identifier %q", a.Name, a.SKI)
		}
	}
	for _, generation := range []string{"G1", "G2"} {
		if !slices.ContainsFunc(Anchors(), func(a Anchor) bool { return a.Generation == generation && a.Role == "root" && a.Certainty == "A" }) {
			t.Errorf("no root of generation %s", generation)
		}
	}
}
