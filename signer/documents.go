package signer

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Documents replaces folders by the PDF files in them and in the folders below,
// in the order of their names. A path that does not exist stays in the list, so
// that it is told where it is used.
func Documents(paths []string) ([]string, error) {
	var out []string
	for _, p := range paths {
		st, err := os.Stat(p)
		if err != nil || !st.IsDir() {
			out = append(out, p)
			continue
		}
		err = filepath.WalkDir(p, func(path string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() && strings.EqualFold(filepath.Ext(path), ".pdf") {
				out = append(out, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
