CREATE TABLE "stock_notices" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"email" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"claimed_until" timestamp (3) with time zone,
	"notified_at" timestamp (3) with time zone,
	"unsubscribed_at" timestamp (3) with time zone,
	CONSTRAINT "stock_notices_once" UNIQUE("email","kind","subject"),
	CONSTRAINT "stock_notices_kind" CHECK ("stock_notices"."kind" in ('restock', 'drop')),
	CONSTRAINT "stock_notices_email" CHECK (length("stock_notices"."email") between 3 and 320),
	CONSTRAINT "stock_notices_subject" CHECK (length("stock_notices"."subject") between 2 and 80)
);
--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "details" jsonb DEFAULT '[]' NOT NULL;--> statement-breakpoint
CREATE INDEX "stock_notices_open" ON "stock_notices" USING btree ("kind","subject","created_at") WHERE "stock_notices"."notified_at" is null and "stock_notices"."unsubscribed_at" is null;--> statement-breakpoint
CREATE INDEX "stock_notices_by_age" ON "stock_notices" USING btree ("created_at");--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_details" CHECK (jsonb_typeof("products"."details") = 'array');