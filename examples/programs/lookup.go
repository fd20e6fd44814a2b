// go run lookup.go 2 008CD489-05DA-A765-5315-FE380D46A313 1      (github.com/lib/pq)
package main

import (
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/lib/pq"
)

func main() {
	log.SetFlags(0)
	clientID, itemID, toClientID := os.Args[1], os.Args[2], os.Args[3]

	db, err := sql.Open("postgres", os.Getenv("PYMAP_DSN"))
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()

	var mediaItemID sql.NullInt64
	err = db.QueryRow("select pymap.get_media_item_by_client_id($1, $2)", clientID, itemID).Scan(&mediaItemID)
	var pgError *pq.Error
	if errors.As(err, &pgError) && pgError.Code == "PM002" {
		log.Fatalf("%s: %s", pgError.Message, pgError.Detail)
	} else if err != nil {
		log.Fatal(err)
	}
	if !mediaItemID.Valid {
		log.Fatal("not mapped")
	}
	fmt.Println("media item", mediaItemID.Int64)

	rows, err := db.Query("select to_item_id from pymap.translate_client_item_ids($1, $2, $3)",
		clientID, pq.Array([]string{itemID}), toClientID)
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var toItemID sql.NullString
		if err := rows.Scan(&toItemID); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("client %s: %s\n", toClientID, toItemID.String)
	}
	if err := rows.Err(); err != nil {
		log.Fatal(err)
	}
}
