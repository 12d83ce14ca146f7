// Package migrations holds the tables of both engines as numbered SQL files:
// the same numbers, the same names. goose runs them through a Provider, because
// its package-level functions share state between databases.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// Projections is the name of the file whose tables a rebuild makes again.
const Projections = "00002_projections.sql"

// Up brings a database to the newest schema. dialect is goose.DialectSQLite3
// or goose.DialectPostgres.
func Up(ctx context.Context, db *sql.DB, dialect goose.Dialect) error {
	provider, err := provider(db, dialect)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

// Pending reports whether Up has something to do.
func Pending(ctx context.Context, db *sql.DB, dialect goose.Dialect) (bool, error) {
	provider, err := provider(db, dialect)
	if err != nil {
		return false, err
	}
	return provider.HasPending(ctx)
}

func provider(db *sql.DB, dialect goose.Dialect) (*goose.Provider, error) {
	sub, err := fs.Sub(files, folder(dialect))
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(dialect, db, sub)
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	return p, nil
}

// File gives the SQL of one file.
func File(dialect goose.Dialect, name string) (string, error) {
	b, err := files.ReadFile(folder(dialect) + "/" + name)
	return string(b), err
}

func folder(dialect goose.Dialect) string {
	if dialect == goose.DialectPostgres {
		return "postgres"
	}
	return "sqlite"
}
