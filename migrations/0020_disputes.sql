ALTER TABLE "orders" ADD COLUMN "disputes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "orders" ADD COLUMN "fraud_warning" jsonb;--> statement-breakpoint
CREATE INDEX "orders_disputed" ON "orders" USING btree ("opened_at") WHERE "orders"."disputes" <> '[]';