package report_test

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// violations checks a value against the part of JSON Schema 2020-12 that
// schema.json uses. A keyword it does not know is a violation: a schema that is
// not enforced says nothing.
func violations(root, schema, value any, at string) (found []string) {
	bad := func(format string, args ...any) {
		found = append(found, at+": "+fmt.Sprintf(format, args...))
	}
	s := schema.(map[string]any)
	for keyword, want := range s {
		switch keyword {
		case "$schema", "$id", "$defs", "title", "description":
		case "$ref":
			def := root
			for part := range strings.SplitSeq(strings.TrimPrefix(want.(string), "#/"), "/") {
				def = def.(map[string]any)[part]
			}
			found = append(found, violations(root, def, value, at)...)
		case "type":
			if got := typeOf(value); got != want && !(want == "number" && got == "integer") {
				bad("is a %s, not a %s", got, want)
			}
		case "const":
			if !reflect.DeepEqual(value, want) {
				bad("is %v, not %v", value, want)
			}
		case "enum":
			if !slices.ContainsFunc(want.([]any), func(o any) bool { return reflect.DeepEqual(o, value) }) {
				bad("is %v, none of %v", value, want)
			}
		case "pattern":
			if v, ok := value.(string); ok && !regexp.MustCompile(want.(string)).MatchString(v) {
				bad("%q does not fit %s", v, want)
			}
		case "minimum":
			if v, ok := value.(float64); ok && v < want.(float64) {
				bad("%v is below %v", v, want)
			}
		case "minItems", "maxItems":
			if v, ok := value.([]any); ok && (keyword == "minItems") == (float64(len(v)) < want.(float64)) && float64(len(v)) != want.(float64) {
				bad("has %d items", len(v))
			}
		case "items":
			if v, ok := value.([]any); ok {
				for i, o := range v {
					found = append(found, violations(root, want, o, fmt.Sprintf("%s[%d]", at, i))...)
				}
			}
		case "required":
			if v, ok := value.(map[string]any); ok {
				for _, name := range want.([]any) {
					if _, there := v[name.(string)]; !there {
						bad("lacks %s", name)
					}
				}
			}
		case "properties":
			if v, ok := value.(map[string]any); ok {
				for name, sub := range want.(map[string]any) {
					if o, there := v[name]; there {
						found = append(found, violations(root, sub, o, at+"."+name)...)
					}
				}
			}
		case "additionalProperties":
			known, _ := s["properties"].(map[string]any)
			if v, ok := value.(map[string]any); ok && want == false {
				for name := range v {
					if _, there := known[name]; !there {
						bad("has %s, which the schema does not know", name)
					}
				}
			}
		default:
			bad("the schema uses %s, which this test does not check", keyword)
		}
	}
	return found
}

func typeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return fmt.Sprintf("%T", v)
}
