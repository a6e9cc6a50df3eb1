package frame

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// maxDocuments bounds what a folder brings in: somebody drops the whole disk.
const maxDocuments = 2000

// Documents are the files among paths and in the folders among them that have
// one of these extensions (".pdf"), in order, each once; more tells that there
// are even more. Hidden files and links inside folders are passed over. It reads
// the disk: call it through Run.
func Documents(paths []string, extensions ...string) (files []string, more bool) {
	seen := map[string]bool{}
	add := func(path string) error {
		if seen[path] {
			return nil
		}
		if len(files) == maxDocuments {
			more = true
			return fs.SkipAll
		}
		seen[path] = true
		files = append(files, path)
		return nil
	}
	for _, root := range paths {
		root = filepath.Clean(root)
		_ = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			switch {
			case path == root && (err != nil || !e.IsDir()):
				return add(path) // named by the person: what is wrong with it is told when it is opened
			case err != nil:
				return nil // a folder that may not be read hides no other
			case path != root && strings.HasPrefix(e.Name(), "."):
				if e.IsDir() {
					return fs.SkipDir
				}
			case e.Type().IsRegular() && slices.Contains(extensions, strings.ToLower(filepath.Ext(path))):
				return add(path)
			}
			return nil
		})
	}
	return files, more
}
