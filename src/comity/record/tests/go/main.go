// A verifier of our logs that shares no line with them: Go's own golang.org/x/mod/sumdb packages, and a few lines for
// cosignatures, which those do not know.
//
//	verify FOLDER INDEX
//
// FOLDER is a published log: checkpoint, tile/…, vkeys (the log's key, then those of witnesses). It answers on one line
// and exits 0, or says what is wrong and exits 1: at least one witness must have cosigned, every entry of the bundles
// must be the one in the tiles, the entry INDEX must lead to the root, and so must earlier sizes of the log.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height         = 8
	width          = 1 << height
	cosignatureKey = 4
)

// witness verifies c2sp.org/tlog-cosignature, version 1.
type witness struct {
	name   string
	hash   uint32
	public ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }

func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(signature))
	return ed25519.Verify(w.public, append([]byte(head), text...), signature[8:])
}

func witnessOf(vkey string) (witness, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return witness{}, errors.New("a key has three parts")
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != cosignatureKey {
		return witness{}, fmt.Errorf("%s is no key of a witness", parts[0])
	}
	digest := sha256.Sum256(append([]byte(parts[0]+"\n"), raw...))
	id := binary.BigEndian.Uint32(digest[:])
	if fmt.Sprintf("%08x", id) != parts[1] {
		return witness{}, fmt.Errorf("the id of %s is another", parts[0])
	}
	return witness{parts[0], id, raw[1:]}, nil
}

// folder reads tiles as a published log has them: without the height that Go's own paths carry.
type folder string

func (f folder) Height() int                      { return height }
func (f folder) SaveTiles([]tlog.Tile, [][]byte)  {}
func (f folder) read(name string) ([]byte, error) { return os.ReadFile(filepath.Join(string(f), name)) }

func pathOf(level string, tile tlog.Tile) string {
	return "tile/" + level + "/" + strings.SplitN(tile.Path(), "/", 4)[3]
}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		content, err := f.read(pathOf(strconv.Itoa(tile.L), tile))
		if err != nil {
			return nil, err
		}
		all = append(all, content)
	}
	return all, nil
}

// head is a checkpoint whose signatures hold.
type head struct {
	origin    string
	tree      tlog.Tree
	witnesses int
}

func (f folder) head() (head, error) {
	keys, err := f.read("vkeys")
	if err != nil {
		return head{}, err
	}
	lines := strings.Fields(string(keys))
	if len(lines) < 2 {
		return head{}, errors.New("vkeys names no witness")
	}
	own, err := note.NewVerifier(lines[0])
	if err != nil {
		return head{}, err
	}
	known := []note.Verifier{own}
	for _, line := range lines[1:] {
		one, err := witnessOf(line)
		if err != nil {
			return head{}, err
		}
		known = append(known, one)
	}
	content, err := f.read("checkpoint")
	if err != nil {
		return head{}, err
	}
	opened, err := note.Open(content, note.VerifierList(known...))
	if err != nil {
		return head{}, err
	}
	return headOf(opened, own)
}

func headOf(opened *note.Note, own note.Verifier) (head, error) {
	found := head{}
	signed := false
	for _, signature := range opened.Sigs {
		if signature.Name == own.Name() && signature.Hash == own.KeyHash() {
			signed = true
		} else {
			found.witnesses++
		}
	}
	if !signed || found.witnesses == 0 {
		return head{}, errors.New("the log or every witness is missing among the signatures")
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != own.Name() {
		return head{}, errors.New("the checkpoint is not three lines of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] || size < 1 {
		return head{}, errors.New("the size is not a plain number of entries")
	}
	root, err := tlog.ParseHash(lines[2])
	found.origin, found.tree = lines[0], tlog.Tree{N: size, Hash: root}
	return found, err
}

// entries hands each entry of the bundles with its number to use.
func (f folder) entries(size int64, use func(int64, []byte) error) error {
	for first := int64(0); first < size; first += width {
		tile := tlog.Tile{H: height, L: 0, N: first / width, W: width}
		if size-first < width {
			tile.W = int(size - first)
		}
		bundle, err := f.read(pathOf("entries", tile))
		if err != nil {
			return err
		}
		for at := 0; at < tile.W; at++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return fmt.Errorf("the bundle of entry %d ends early", first+int64(at))
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			if err := use(first+int64(at), bundle[2:end]); err != nil {
				return err
			}
			bundle = bundle[end:]
		}
		if len(bundle) != 0 {
			return fmt.Errorf("the bundle of entry %d goes on", first)
		}
	}
	return nil
}

func (f folder) verify(index int64) (string, error) {
	found, err := f.head()
	if err != nil {
		return "", err
	}
	reader := tlog.TileHashReader(found.tree, f) // every tile is held against the root as it is read
	hashes, err := f.included(found.tree, index, reader)
	if err != nil {
		return "", err
	}
	if err := consistent(found.tree, reader); err != nil {
		return "", err
	}
	return fmt.Sprintf("yes, %s, %d entries, witnesses: %d, entry %d by %d hashes",
		found.origin, found.tree.N, found.witnesses, index, hashes), nil
}

// included holds every entry against its tile and leads one of them to the root; it gives the length of its path.
func (f folder) included(tree tlog.Tree, index int64, reader tlog.HashReader) (int, error) {
	proof, err := tlog.ProveRecord(tree.N, index, reader)
	if err != nil {
		return 0, err
	}
	places := make([]int64, tree.N)
	for number := range places {
		places[number] = tlog.StoredHashIndex(0, int64(number))
	}
	leaves, err := reader.ReadHashes(places)
	if err != nil {
		return 0, err
	}
	return len(proof), f.entries(tree.N, func(number int64, entry []byte) error {
		hash := tlog.RecordHash(entry)
		if hash != leaves[number] {
			return fmt.Errorf("entry %d is not the one in the tiles", number)
		}
		if number != index {
			return nil
		}
		return tlog.CheckRecord(proof, tree.N, tree.Hash, index, hash)
	})
}

// consistent leads earlier sizes of the log, as its tiles give them, to the root.
func consistent(tree tlog.Tree, reader tlog.HashReader) error {
	for _, older := range []int64{1, 255, 256, 257, tree.N / 2, tree.N - 1} {
		if older < 1 || older >= tree.N {
			continue
		}
		root, err := tlog.TreeHash(older, reader)
		if err != nil {
			return err
		}
		path, err := tlog.ProveTree(tree.N, older, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(path, tree.N, tree.Hash, older, root); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "verify FOLDER INDEX")
		os.Exit(2)
	}
	index, err := strconv.ParseInt(os.Args[2], 10, 64)
	if err == nil {
		var told string
		if told, err = folder(os.Args[1]).verify(index); err == nil {
			fmt.Println(told)
			return
		}
	}
	fmt.Println("no:", err)
	os.Exit(1)
}
