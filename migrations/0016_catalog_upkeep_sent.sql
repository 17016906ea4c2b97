ALTER TABLE "catalog_revisions" ADD COLUMN "sent_revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "catalog_revisions" ADD COLUMN "sent_at" timestamp (3) with time zone;