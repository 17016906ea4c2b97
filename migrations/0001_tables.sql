CREATE TABLE "drops" (
	"product_slug" text PRIMARY KEY NOT NULL,
	"opens_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "prices" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "prices_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sku" text NOT NULL,
	"unit_amount_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"valid_from" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"valid_until" timestamp (3) with time zone,
	CONSTRAINT "prices_amount" CHECK ("prices"."unit_amount_minor" >= 0),
	CONSTRAINT "prices_currency" CHECK ("prices"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "prices_period" CHECK ("prices"."valid_until" >= "prices"."valid_from")
);
--> statement-breakpoint
CREATE TABLE "product_images" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "product_images_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"product_slug" text NOT NULL,
	"src" text NOT NULL,
	"alt" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"options" jsonb NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "product_images_once" UNIQUE("product_slug","src"),
	CONSTRAINT "product_images_size" CHECK ("product_images"."width" > 0 and "product_images"."height" > 0)
);
--> statement-breakpoint
CREATE TABLE "product_options" (
	"product_slug" text NOT NULL,
	"name" text NOT NULL,
	"label" text NOT NULL,
	"position" integer NOT NULL,
	"values" jsonb NOT NULL,
	CONSTRAINT "product_options_product_slug_name_pk" PRIMARY KEY("product_slug","name"),
	CONSTRAINT "product_options_values" CHECK (jsonb_typeof("product_options"."values") = 'array')
);
--> statement-breakpoint
CREATE TABLE "products" (
	"slug" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"category" text NOT NULL,
	"position" integer NOT NULL,
	"listed" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "products_slug" CHECK ("products"."slug" ~ '^[a-z0-9][a-z0-9-]{0,78}[a-z0-9]$')
);
--> statement-breakpoint
CREATE TABLE "skus" (
	"sku" text PRIMARY KEY NOT NULL,
	"product_slug" text NOT NULL,
	"name" text NOT NULL,
	"options" jsonb NOT NULL,
	"purchase_limit" integer,
	"initial_stock" integer NOT NULL,
	"terms_version" integer DEFAULT 1 NOT NULL,
	"position" integer NOT NULL,
	"listed" boolean DEFAULT true NOT NULL,
	CONSTRAINT "skus_sku" CHECK ("skus"."sku" ~ '^[A-Z0-9][A-Z0-9-]{1,38}[A-Z0-9]$'),
	CONSTRAINT "skus_purchase_limit" CHECK ("skus"."purchase_limit" > 0),
	CONSTRAINT "skus_initial_stock" CHECK ("skus"."initial_stock" >= 0),
	CONSTRAINT "skus_terms_version" CHECK ("skus"."terms_version" > 0)
);
--> statement-breakpoint
CREATE TABLE "order_contacts" (
	"order_id" text PRIMARY KEY NOT NULL,
	"email" text,
	"email_normalised" text,
	"shipping_address" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"erased_at" timestamp (3) with time zone,
	CONSTRAINT "order_contacts_content" CHECK (("order_contacts"."erased_at" is null) = ("order_contacts"."email" is not null)
        and ("order_contacts"."email" is null) = ("order_contacts"."email_normalised" is null)
        and ("order_contacts"."email" is null) = ("order_contacts"."shipping_address" is null))
);
--> statement-breakpoint
CREATE TABLE "order_lines" (
	"order_id" text NOT NULL,
	"sku" text NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"quantity" integer NOT NULL,
	"unit_amount_minor" bigint NOT NULL,
	CONSTRAINT "order_lines_order_id_sku_pk" PRIMARY KEY("order_id","sku"),
	CONSTRAINT "order_lines_quantity" CHECK ("order_lines"."quantity" > 0),
	CONSTRAINT "order_lines_amount" CHECK ("order_lines"."unit_amount_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "order_timeline" (
	"order_id" text NOT NULL,
	"position" integer NOT NULL,
	"status" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "order_timeline_order_id_position_pk" PRIMARY KEY("order_id","position"),
	CONSTRAINT "order_timeline_status" CHECK ("order_timeline"."status" in ('reserved', 'authorised', 'paid', 'shipped', 'delivered', 'expired', 'cancelled', 'refunded'))
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"order_id" text PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"version" integer NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"hold_expires_at" timestamp (3) with time zone NOT NULL,
	"buyer" text NOT NULL,
	"shipping_method" text NOT NULL,
	"subtotal_minor" bigint NOT NULL,
	"shipping_minor" bigint NOT NULL,
	"tax_minor" bigint NOT NULL,
	"total_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"refund_requested" boolean NOT NULL,
	"persisted_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orders_status" CHECK ("orders"."status" in ('reserved', 'authorised', 'paid', 'shipped', 'delivered', 'expired', 'cancelled', 'refunded')),
	CONSTRAINT "orders_shipping_method" CHECK ("orders"."shipping_method" in ('standard', 'express')),
	CONSTRAINT "orders_version" CHECK ("orders"."version" > 0),
	CONSTRAINT "orders_amounts" CHECK ("orders"."subtotal_minor" >= 0 and "orders"."shipping_minor" >= 0 and "orders"."tax_minor" >= 0
        and "orders"."total_minor" = "orders"."subtotal_minor" + "orders"."shipping_minor" + "orders"."tax_minor"),
	CONSTRAINT "orders_currency" CHECK ("orders"."currency" ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"intent_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"order_version" integer NOT NULL,
	"decision" text,
	"amount_minor" bigint NOT NULL,
	"captured_minor" bigint NOT NULL,
	"refunded_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"last_error_code" text,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "payments_of_order" UNIQUE("order_id","intent_id"),
	CONSTRAINT "payments_decision" CHECK ("payments"."decision" in ('capture', 'cancel')),
	CONSTRAINT "payments_amounts" CHECK ("payments"."amount_minor" >= 0 and "payments"."captured_minor" >= 0 and "payments"."refunded_minor" >= 0
        and "payments"."captured_minor" <= "payments"."amount_minor" and "payments"."refunded_minor" <= "payments"."captured_minor"),
	CONSTRAINT "payments_order_version" CHECK ("payments"."order_version" > 0)
);
--> statement-breakpoint
CREATE TABLE "sent_notices" (
	"order_id" text NOT NULL,
	"kind" text NOT NULL,
	"sent_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sent_notices_order_id_kind_pk" PRIMARY KEY("order_id","kind")
);
--> statement-breakpoint
CREATE TABLE "ledger_progress" (
	"sku" text PRIMARY KEY NOT NULL,
	"complete_through" bigint NOT NULL,
	CONSTRAINT "ledger_progress_sequence" CHECK ("ledger_progress"."complete_through" >= 0)
);
--> statement-breakpoint
CREATE TABLE "stock_ledger" (
	"sku" text NOT NULL,
	"sequence" bigint NOT NULL,
	"kind" text NOT NULL,
	"reference" text NOT NULL,
	"reason" text,
	"at" timestamp (3) with time zone NOT NULL,
	"available_delta" bigint NOT NULL,
	"held_delta" bigint NOT NULL,
	"sold_delta" bigint NOT NULL,
	"received_delta" bigint NOT NULL,
	"adjusted_delta" bigint NOT NULL,
	CONSTRAINT "stock_ledger_sku_sequence_pk" PRIMARY KEY("sku","sequence"),
	CONSTRAINT "stock_ledger_sequence" CHECK ("stock_ledger"."sequence" > 0),
	CONSTRAINT "stock_ledger_kind" CHECK ("stock_ledger"."kind" in ('received', 'adjusted', 'held', 'released', 'expired', 'committed', 'settled', 'taken_back', 'returned')),
	CONSTRAINT "stock_ledger_conservation" CHECK ("stock_ledger"."available_delta" + "stock_ledger"."held_delta" + "stock_ledger"."sold_delta" = "stock_ledger"."received_delta" + "stock_ledger"."adjusted_delta")
);
--> statement-breakpoint
CREATE TABLE "stock_levels" (
	"sku" text PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL,
	"available" bigint NOT NULL,
	"held" bigint NOT NULL,
	"sold" bigint NOT NULL,
	"received" bigint NOT NULL,
	"adjusted" bigint NOT NULL,
	"opens_at" timestamp (3) with time zone,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stock_levels_units" CHECK ("stock_levels"."available" >= 0 and "stock_levels"."held" >= 0 and "stock_levels"."sold" >= 0),
	CONSTRAINT "stock_levels_conservation" CHECK ("stock_levels"."available" + "stock_levels"."held" + "stock_levels"."sold" = "stock_levels"."received" + "stock_levels"."adjusted")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"reason" text,
	"details" jsonb NOT NULL,
	"request_id" text
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"queue" text NOT NULL,
	"message_id" text NOT NULL,
	"body" text NOT NULL,
	"error" text,
	"attempts" integer NOT NULL,
	"stored_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"replayed_at" timestamp (3) with time zone,
	"replayed_by" text,
	CONSTRAINT "dead_letters_once" UNIQUE("queue","message_id"),
	CONSTRAINT "dead_letters_replayed" CHECK (("dead_letters"."replayed_at" is null) = ("dead_letters"."replayed_by" is null))
);
--> statement-breakpoint
CREATE TABLE "stripe_events" (
	"event_id" text PRIMARY KEY NOT NULL,
	"event_type" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"order_id" text,
	"intent" jsonb
);
--> statement-breakpoint
ALTER TABLE "drops" ADD CONSTRAINT "drops_product_slug_products_slug_fk" FOREIGN KEY ("product_slug") REFERENCES "public"."products"("slug") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "prices" ADD CONSTRAINT "prices_sku_skus_sku_fk" FOREIGN KEY ("sku") REFERENCES "public"."skus"("sku") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "product_images" ADD CONSTRAINT "product_images_product_slug_products_slug_fk" FOREIGN KEY ("product_slug") REFERENCES "public"."products"("slug") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "product_options" ADD CONSTRAINT "product_options_product_slug_products_slug_fk" FOREIGN KEY ("product_slug") REFERENCES "public"."products"("slug") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "skus" ADD CONSTRAINT "skus_product_slug_products_slug_fk" FOREIGN KEY ("product_slug") REFERENCES "public"."products"("slug") ON DELETE no action ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "order_lines" ADD CONSTRAINT "order_lines_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_timeline" ADD CONSTRAINT "order_timeline_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payments" ADD CONSTRAINT "payments_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "prices_current" ON "prices" USING btree ("sku") WHERE "prices"."valid_until" is null;--> statement-breakpoint
CREATE INDEX "prices_history" ON "prices" USING btree ("sku","valid_from");--> statement-breakpoint
CREATE INDEX "products_by_category" ON "products" USING btree ("category","position");--> statement-breakpoint
CREATE INDEX "skus_by_product" ON "skus" USING btree ("product_slug","position");--> statement-breakpoint
CREATE INDEX "order_contacts_by_email" ON "order_contacts" USING btree ("email_normalised");--> statement-breakpoint
CREATE INDEX "order_contacts_email_search" ON "order_contacts" USING gin ("email_normalised" gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "order_lines_by_sku" ON "order_lines" USING btree ("sku");--> statement-breakpoint
CREATE INDEX "orders_newest" ON "orders" USING btree ("opened_at" DESC NULLS FIRST,"order_id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "orders_by_status" ON "orders" USING btree ("status","opened_at" DESC NULLS FIRST,"order_id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "orders_by_buyer" ON "orders" USING btree ("buyer","opened_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "stock_ledger_by_reference" ON "stock_ledger" USING btree ("reference");--> statement-breakpoint
CREATE INDEX "audit_log_by_subject" ON "audit_log" USING btree ("subject","at");--> statement-breakpoint
CREATE INDEX "audit_log_by_actor" ON "audit_log" USING btree ("actor","at");--> statement-breakpoint
CREATE INDEX "dead_letters_open" ON "dead_letters" USING btree ("stored_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE "dead_letters"."replayed_at" is null;--> statement-breakpoint
CREATE INDEX "stripe_events_by_order" ON "stripe_events" USING btree ("order_id","created_at");--> statement-breakpoint
CREATE INDEX "stripe_events_newest" ON "stripe_events" USING btree ("created_at" DESC NULLS FIRST);