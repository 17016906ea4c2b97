CREATE TABLE "order_refunds" (
	"order_id" text NOT NULL,
	"refund_id" text NOT NULL,
	"cause" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"status" text NOT NULL,
	"lines" jsonb NOT NULL,
	"shipping_minor" bigint NOT NULL,
	"restock" text NOT NULL,
	"stripe_id" text,
	"failure" text,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "order_refunds_order_id_refund_id_pk" PRIMARY KEY("order_id","refund_id"),
	CONSTRAINT "order_refunds_amounts" CHECK ("order_refunds"."amount_minor" >= 0 and "order_refunds"."shipping_minor" >= 0),
	CONSTRAINT "order_refunds_status" CHECK ("order_refunds"."status" in ('pending', 'succeeded', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "sent_notices" DROP CONSTRAINT "sent_notices_order_id_kind_pk";--> statement-breakpoint
ALTER TABLE "sent_notices" ADD COLUMN "about" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "sent_notices" ADD CONSTRAINT "sent_notices_order_id_kind_about_pk" PRIMARY KEY("order_id","kind","about");--> statement-breakpoint
ALTER TABLE "order_refunds" ADD CONSTRAINT "order_refunds_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "order_refunds_by_stripe_id" ON "order_refunds" USING btree ("stripe_id");