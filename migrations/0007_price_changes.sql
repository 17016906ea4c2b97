ALTER TABLE "prices" ADD COLUMN "change_id" text;--> statement-breakpoint
ALTER TABLE "prices" ADD CONSTRAINT "prices_by_change" UNIQUE("sku","change_id");