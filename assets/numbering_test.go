package assets

import "testing"

func TestDocumentTypes(t *testing.T) {
	for kind, want := range map[string]string{"administrative": "QĐ", "party": "NQ", "copies": "TrS"} {
		d := TypesOf(kind)
		if d.Types[want] == "" || d.Article == "" || d.Certainty == "" {
			t.Errorf("%s: %+v", kind, d)
		}
	}
}
