// Made by generate.mjs from the OpenAPI document of the gateway; not written by hand.
export interface paths {
    "/cajas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cajas and what their drawers hold
         * @description Roles: Administrador, Operador, Usuario.
         */
        get: operations["getCajas"];
        put?: never;
        /**
         * Register a caja
         * @description Roles: Administrador.
         */
        post: operations["postCajas"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cajas/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One caja and its sessions
         * @description Roles: Administrador, Operador, Usuario.
         */
        get: operations["getCajasById"];
        put?: never;
        post?: never;
        /**
         * Retire a caja
         * @description Refused as long as its drawer holds cash or a sale of it is pending.
         *
         *     Roles: Administrador.
         */
        delete: operations["deleteCajasById"];
        options?: never;
        head?: never;
        /**
         * Rename a caja, change what it is for, or correct what its drawer holds
         * @description At least one of nombre, especialidad and saldo. `saldo` is what was counted in the drawer, with the cash of pending sales (`pendiente`); a difference is booked as over or short.
         *
         *     Roles: Administrador.
         */
        patch: operations["patchCajasById"];
        trace?: never;
    };
    "/cajas/abrir": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a session at a caja
         * @description An Operador opens for himself; an Administrador may open for others. `conteo_inicial` is the cash counted in the drawer, with that of pending sales; a count that differs is booked as over or short of the opening, or refused where the catalogue says `conteo_apertura: rechazar` and no Administrador counts. `monto_inicial` is the same count; 0 of an Operador, or nothing, means that it was not counted. Other fields, such as a count by banknote, are kept as remarks.
         *
         *     Roles: Administrador, Operador.
         */
        post: operations["postCajasAbrir"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cajas/movimiento": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put cash into the session’s drawer, or take it out
         * @description Roles: Administrador, Operador.
         */
        post: operations["postCajasMovimiento"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cajas/sesion-activa/{id_usuario}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The open session of a user
         * @description One’s own; an Administrador sees everybody’s.
         *
         *     Roles: Administrador, Operador, Usuario.
         */
        get: operations["getCajasSesionActivaByIdUsuario"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cajas/sesion/{id}/arqueo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report of a shift, added up from its entries
         * @description Roles: Administrador, Operador, Usuario.
         */
        get: operations["getCajasSesionByIdArqueo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cajas/sesion/{id}/balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the session’s drawer holds, as a bare amount
         * @description Of one’s own session; an Administrador sees everybody’s.
         *
         *     Roles: Administrador, Operador, Usuario.
         */
        get: operations["getCajasSesionByIdBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cajas/sesion/{id}/cerrar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Close a session with what was counted
         * @description One of monto_final_real and monto_real_fisico is needed: all the cash in the drawer, with that of pending sales of this session and of earlier ones. With sales of its own pending it needs `aceptar_pendientes: true`; those of earlier sessions never hold it up. Other fields, such as a count by banknote, are kept as remarks.
         *
         *     Roles: Administrador, Operador.
         */
        patch: operations["patchCajasSesionByIdCerrar"];
        trace?: never;
    };
    "/cajas/sesion/{id}/extracto": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Statement of a session: entries with running balance, oldest first
         * @description With `Accept: text/csv` all of the period as CSV, else a page of it as JSON. `fecha` is the time of the entry, `fecha_local` of the CSV the same by the shop’s clock; `desde`, `hasta` and `en` speak of it.
         *
         *     Roles: Administrador, Operador, Usuario.
         */
        get: operations["getCajasSesionByIdExtracto"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document, to read and to try */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/incidencias": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Discrepancies a person must see, oldest first
         * @description Roles: Administrador.
         */
        get: operations["getIncidencias"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process runs */
        get: operations["getLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures for Prometheus */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenapiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operadoras": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The catalogue: operators, their numbers and amounts, and whether each can be sold
         * @description Roles: Administrador, Operador, Usuario.
         */
        get: operations["getOperadoras"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/operadoras/{nombre}/extracto": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Statement of a float: entries with running balance, oldest first
         * @description With `Accept: text/csv` all of the period as CSV, else a page of it as JSON. `fecha` is the time of the entry, `fecha_local` of the CSV the same by the shop’s clock; `desde`, `hasta` and `en` speak of it.
         *
         *     Roles: Administrador.
         */
        get: operations["getOperadorasByNombreExtracto"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/paquetes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Mobile packages, a page at a time
         * @description Roles: Administrador, Operador, Usuario.
         */
        get: operations["getPaquetes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/paquetes/compra": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sell a mobile package
         * @description At the carrier’s list price, and otherwise like a top-up: send an Idempotency-Key, then a repeat never sells twice.
         *
         *     Roles: Administrador, Operador.
         */
        post: operations["postPaquetesCompra"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/paquetes/compra/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look up the sale of a package
         * @description By number or by id_transaccion. `wait` holds the answer until the sale is settled, at most that many seconds. A sale that was refused before it began answers that refusal. An Administrador also sees attempts, decision and history.
         *
         *     Roles: Administrador, Operador, Usuario.
         */
        get: operations["getPaquetesCompraById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/paquetes/proveedores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Providers of mobile packages
         * @description Roles: Administrador, Operador, Usuario.
         */
        get: operations["getPaquetesProveedores"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the gateway can serve, part by part */
        get: operations["getReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recargas/cliente": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sell a top-up
         * @description Answers when the carrier has decided, or when the wait is over. Send an Idempotency-Key: with the same key and body a repeat never sells twice and gets the same answer.
         *
         *     Roles: Administrador, Operador.
         */
        post: operations["postRecargasCliente"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recargas/cliente/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look up a sale
         * @description By number or by id_transaccion. `wait` holds the answer until the sale is settled, at most that many seconds. A sale that was refused before it began answers that refusal. An Administrador also sees attempts, decision and history.
         *
         *     Roles: Administrador, Operador, Usuario.
         */
        get: operations["getRecargasClienteById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recargas/cliente/{id}/resolver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide a sale in review
         * @description A person’s word on a sale that no machine could settle, audited. Where two persons must agree, the first decision is answered 202 and counts once another Administrador has decided the same.
         *
         *     Roles: Administrador.
         */
        post: operations["postRecargasClienteByIdResolver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recargas/historial/clientes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sales, newest first
         * @description `fecha_hora` is the time of the request. `fecha`, `desde` and `hasta` filter by it; their days are the shop's own.
         *
         *     Roles: Administrador, Operador, Usuario.
         */
        get: operations["getRecargasHistorialClientes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recargas/historial/inyecciones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Injections, newest first
         * @description `fecha_hora` is the time of the entry. `fecha`, `desde` and `hasta` filter by it; their days are the shop's own.
         *
         *     Roles: Administrador, Operador, Usuario.
         */
        get: operations["getRecargasHistorialInyecciones"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recargas/inyeccion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Buy float with the session’s cash
         * @description Without an Idempotency-Key a second injection of the same operator and amount in one session is suspected for a while to be a repeat.
         *
         *     Roles: Administrador.
         */
        post: operations["postRecargasInyeccion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recargas/operadoras/saldos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Floats: what can be sold of each operator now
         * @description Roles: Administrador, Operador, Usuario.
         */
        get: operations["getRecargasOperadorasSaldos"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recargas/revision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sales that wait for a person, the longest first
         * @description Roles: Administrador.
         */
        get: operations["getRecargasRevision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Arqueo: {
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            apertura: string;
            asiento_apertura: {
                /** Format: date-time */
                fecha: string;
                /** Format: uuid */
                id_transaccion: string;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                monto: string;
            } | null;
            asiento_diferencia: {
                /** Format: date-time */
                fecha: string;
                /** Format: uuid */
                id_transaccion: string;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                monto: string;
            } | null;
            contado: string | null;
            correcciones: {
                entradas: {
                    cantidad: number;
                    /**
                     * @description an amount as text, with two decimals
                     * @example 89.50
                     */
                    monto: string;
                };
                salidas: {
                    cantidad: number;
                    /**
                     * @description an amount as text, with two decimals
                     * @example 89.50
                     */
                    monto: string;
                };
            };
            cuadre: components["schemas"]["Cuadre"];
            /** @description adds up to apertura */
            detalle_apertura: {
                /**
                 * @description what the opening count booked
                 * @example 10.5
                 */
                conteo_de_apertura: number;
                /**
                 * @description an amount, with two decimals at most
                 * @example 10.5
                 */
                correcciones_entre_sesiones: number;
                /**
                 * @description at the previous session’s closing
                 * @example 10.5
                 */
                saldo_anterior: number;
                /**
                 * @description with which the caja was registered
                 * @example 10.5
                 */
                saldo_de_alta: number;
                /**
                 * @description sales that settled while no session was open; the statement names each
                 * @example 10.5
                 */
                ventas_entre_sesiones: number;
            };
            /**
             * Format: date
             * @description day of the opening at the shop, by its `zona_horaria` at that time
             */
            dia_apertura: string;
            /** @description day of the closing at the shop */
            dia_cierre: string | null;
            diferencia: string | null;
            egresos: {
                cantidad: number;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                monto: string;
            };
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            esperado: string;
            /**
             * @description booked as short by an earlier count and taken off what is expected
             * @example 10.5
             */
            faltante_arrastrado: number;
            ingresos: {
                cantidad: number;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                monto: string;
            };
            inyecciones: {
                cantidad: number;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                monto: string;
                por_operadora: {
                    cantidad: number;
                    /**
                     * @description an amount as text, with two decimals
                     * @example 89.50
                     */
                    monto: string;
                    operadora: string | null;
                }[];
            };
            /** @enum {string} */
            moneda: "BOB" | "COP";
            /** @description sales not settled while the session was open */
            pendientes: {
                cantidad: number;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                monto: string;
                por_operadora: {
                    cantidad: number;
                    /**
                     * @description an amount as text, with two decimals
                     * @example 89.50
                     */
                    monto: string;
                    operadora: string | null;
                }[];
            };
            sesion: components["schemas"]["SesionCaja"];
            ventas: {
                cantidad: number;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                monto: string;
                por_operadora: {
                    cantidad: number;
                    /**
                     * @description an amount as text, with two decimals
                     * @example 89.50
                     */
                    monto: string;
                    operadora: string | null;
                }[];
            };
            ventas_de_sesiones_anteriores: {
                cantidad: number;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                monto: string;
                por_operadora: {
                    cantidad: number;
                    /**
                     * @description an amount as text, with two decimals
                     * @example 89.50
                     */
                    monto: string;
                    operadora: string | null;
                }[];
            };
        };
        Caja: {
            /** Format: date-time */
            created_at: string;
            /** @enum {string} */
            especialidad: "SOLO_VENTAS" | "SOLO_AGENTES" | "MIXTA";
            /** @description false once the caja is retired */
            estado: boolean;
            id: number;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            nombre: string;
            /**
             * @description cash taken for sales that are not settled yet; not part of `saldo`
             * @example 89.50
             */
            pendiente: string;
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            saldo: string;
            /** Format: date-time */
            updated_at: string;
        };
        CajaConSesiones: {
            /** Format: date-time */
            created_at: string;
            /** @enum {string} */
            especialidad: "SOLO_VENTAS" | "SOLO_AGENTES" | "MIXTA";
            /** @description false once the caja is retired */
            estado: boolean;
            id: number;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            nombre: string;
            /**
             * @description cash taken for sales that are not settled yet; not part of `saldo`
             * @example 89.50
             */
            pendiente: string;
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            saldo: string;
            sesiones: components["schemas"]["SesionCaja"][];
            /** Format: date-time */
            updated_at: string;
        };
        /** @description contado = esperado + pendiente_sesion + pendiente_anteriores + diferencia */
        Cuadre: {
            contado: number | null;
            diferencia: number | null;
            /**
             * @description settled cash: opening plus income less outgo
             * @example 10.5
             */
            esperado: number;
            /**
             * @description cash of earlier sessions’ sales not settled yet
             * @example 10.5
             */
            pendiente_anteriores: number;
            /**
             * @description cash of its sales not settled yet
             * @example 10.5
             */
            pendiente_sesion: number;
        };
        Decision: {
            confirmado_por: (number | string) | null;
            /** @description false while a second Administrador is awaited */
            definitiva: boolean;
            evidencia: string;
            /** Format: date-time */
            fecha: string;
            nota: string;
            /** @enum {string} */
            resultado: "AUTORIZADA" | "RECHAZADA";
            /** @description id of a user: a number where it is one */
            usuario: number | string;
        };
        DecisionRegistrada: {
            /** @description why it was not sold: stable, decide on it; null unless `estado` is RECHAZADA */
            codigo: ("CARRIER_REJECTED" | "CARRIER_INVALID" | "CARRIER_UNAVAILABLE" | "CARRIER_MISCONFIGURED" | "RESOLVED_AS_REJECTED" | "BUNDLE_NOT_OFFERED" | "BUNDLE_PRICE_CHANGED" | "BUNDLE_PRICE_UNCONFIRMED") | null;
            /** Format: date-time */
            created_at: string;
            decision?: components["schemas"]["Decision"] | null;
            /** @enum {string} */
            estado: "PENDIENTE" | "EN_REVISION" | "AUTORIZADA" | "RECHAZADA";
            /** Format: date-time */
            fecha_hora: string;
            historia?: components["schemas"]["PasoDeRecarga"][];
            id: number;
            id_caja_sesion: number;
            /** Format: uuid */
            id_transaccion: string;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            intentos?: components["schemas"]["Intento"][];
            message: string;
            /**
             * @description an amount, with two decimals at most
             * @example 10.5
             */
            monto: number;
            /** @description the same for the cashier, a sentence to show; only where `estado` is RECHAZADA */
            motivo?: string;
            numero_cliente: string;
            operadora: string;
            /** @description the mobile package; null for a plain top-up */
            paquete: {
                codigo: string;
                nombre: string;
                proveedor: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
        };
        ExtractoDeOperadora: {
            cursor_siguiente: string | null;
            /** @enum {string} */
            moneda: "BOB" | "COP";
            movimientos: {
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                disponible: string;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                entrada: string;
                /** Format: date-time */
                fecha: string;
                /** Format: uuid */
                id_transaccion: string;
                operadora: string | null;
                referencia: number | null;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                saldo: string;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                saldo_reservado: string;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                salida: string;
                /** @enum {string} */
                tipo: "RESERVA" | "VENTA" | "INGRESO" | "LIBERACION" | "INYECCION" | "EGRESO" | "APERTURA" | "CIERRE" | "CORRECCION";
            }[];
            /** @description what was held before the first entry; null where there is none */
            saldo_inicial: string | null;
        };
        ExtractoDeSesion: {
            cursor_siguiente: string | null;
            /** @enum {string} */
            moneda: "BOB" | "COP";
            movimientos: {
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                entrada: string;
                /** Format: date-time */
                fecha: string;
                id_sesion_origen: number | null;
                /** Format: uuid */
                id_transaccion: string;
                motivo: string | null;
                operadora: string | null;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                pendiente: string;
                referencia: number | null;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                saldo: string;
                /**
                 * @description an amount as text, with two decimals
                 * @example 89.50
                 */
                salida: string;
                /** @enum {string} */
                tipo: "RESERVA" | "VENTA" | "INGRESO" | "LIBERACION" | "INYECCION" | "EGRESO" | "APERTURA" | "CIERRE" | "CORRECCION";
            }[];
            /** @description what was held before the first entry; null where there is none */
            saldo_inicial: string | null;
        };
        Incidencia: {
            /** @description null while it is open */
            cierre: {
                /** Format: date-time */
                fecha: string;
                /** @description what explains it, in that person’s words */
                motivo: string;
                /** @description name of the person who closed it */
                por: string;
            } | null;
            diferencia?: {
                /** Format: date-time */
                desde: string;
                /** Format: date-time */
                hasta: string;
                posibles: components["schemas"]["RecargaClienteAuditada"][];
                /** @description in the carrier’s own unit */
                unidades_proveedor: number;
            };
            /** Format: date-time */
            fecha: string;
            id: string;
            monto: number | null;
            recarga: components["schemas"]["RecargaClienteAuditada"] | null;
            /** @enum {string} */
            tipo: "AUTORIZADA_TRAS_LIBERAR" | "RECHAZADA_TRAS_CONFIRMAR" | "AUTORIZADA_CON_OTROS_DATOS" | "CERRADA_SIN_DECISION" | "DIFERENCIA_CON_PROVEEDOR";
        };
        Intento: {
            codigo_resultado: string | null;
            /**
             * @description a question about an earlier attempt, no purchase
             * @constant
             */
            consulta?: true;
            estado_operador: string | null;
            /** @description row of the decision table that judged it */
            fila: number | null;
            fin: string | null;
            http: number | null;
            /** Format: date-time */
            inicio: string;
            intento: number;
            observado: string;
        };
        InyeccionEnHistorial: {
            caja_origen: components["schemas"]["SesionCaja"] | null;
            /** Format: date-time */
            created_at: string;
            /** @constant */
            estado: true;
            /** Format: date-time */
            fecha_hora: string;
            id: number;
            id_caja_origen: number;
            /** Format: uuid */
            id_transaccion: string;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            monto: string;
            operadora_destino: string;
            /** Format: date-time */
            updated_at: string;
        };
        InyeccionOperadora: {
            /** Format: date-time */
            created_at: string;
            /** @constant */
            estado: true;
            /** Format: date-time */
            fecha_hora: string;
            id: number;
            id_caja_origen: number;
            /** Format: uuid */
            id_transaccion: string;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            /**
             * @description an amount, with two decimals at most
             * @example 10.5
             */
            monto: number;
            operadora_destino: string;
            /** Format: date-time */
            updated_at: string;
        };
        MovimientoCaja: {
            /** Format: date-time */
            created_at: string;
            /** @constant */
            estado: true;
            /** Format: date-time */
            fecha: string;
            id: number;
            id_sesion_caja: number;
            /** Format: uuid */
            id_transaccion: string;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            /**
             * @description an amount, with two decimals at most
             * @example 10.5
             */
            monto: number;
            motivo: string;
            /** @enum {string} */
            tipo: "INGRESO" | "EGRESO";
            /** Format: date-time */
            updated_at: string;
        };
        Operadora: {
            disponible: boolean;
            /**
             * @description an amount, with two decimals at most
             * @example 10.5
             */
            maximo: number;
            /**
             * @description an amount, with two decimals at most
             * @example 10.5
             */
            minimo: number;
            /** @enum {string} */
            moneda: "BOB" | "COP";
            motivo: string | null;
            nombre: string;
            /** @description the operator’s mobile packages; null where the shop sells none */
            paquetes: {
                disponible: boolean;
                motivo: string | null;
                proveedor: string;
            } | null;
            /**
             * @description an amount is a multiple of it
             * @example 10.5
             */
            paso: number;
            /** @description a phone number must match it whole */
            patron_numero: string;
            proveedor: string;
            slug: string;
        };
        OperadoraSaldo: {
            /** @description how long it lasts at the pace of the last hour; null when none was sold */
            autonomia_minutos: number | null;
            /** Format: date-time */
            created_at: string;
            disponible: boolean;
            /** @constant */
            estado: true;
            id: number;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            motivo: string | null;
            nombre_operadora: string;
            /** @description the operator’s mobile packages; null where the shop sells none */
            paquetes: {
                disponible: boolean;
                motivo: string | null;
                proveedor: string;
            } | null;
            /**
             * @description what can be sold now
             * @example 89.50
             */
            saldo_actual: string;
            /** @description it lasts too short at its pace, or holds too little, by the limits of the ledger */
            saldo_bajo: boolean;
            /**
             * @description held by sales under way
             * @example 89.50
             */
            saldo_reservado: string;
            /** Format: date-time */
            updated_at: string;
        };
        PaginaDePaquetes: {
            /** @description whether no newer list can be had */
            desactualizado: boolean;
            /** @description age of the carrier’s list */
            edad_segundos: number;
            pagina: number;
            paquetes: components["schemas"]["Paquete"][];
            por_pagina: number;
            total: number;
        };
        Paquete: {
            categoria: string;
            /** @description text: "024" is not 24 */
            codigo: string;
            descripcion: string;
            nombre: string;
            operadora: string;
            /**
             * @description an amount, with two decimals at most
             * @example 10.5
             */
            precio: number;
            proveedor: string;
            sku: string | null;
            vigencia: string;
        };
        PasoDeRecarga: {
            /** Format: date-time */
            fecha: string;
            intento?: components["schemas"]["Intento"];
            /** @enum {string} */
            paso: "SOLICITADA" | "RESERVADA" | "INTENTO" | "EN_REVISION" | "DECIDIDA" | "AUTORIZADA" | "RECHAZADA" | "CORREGIDA" | "INCIDENCIA";
            usuario: (number | string) | null;
        };
        Problema: {
            /** @description the field that is wrong */
            campo?: string | null;
            /** @description stable: decide on it, and show `message` */
            code: string;
            /**
             * @description of OPENING_COUNT_DIFFERS
             * @example 10.5
             */
            contado?: number;
            detail: string;
            error_detail: string | null;
            /**
             * @description of OPENING_COUNT_DIFFERS: what lies in the drawer by the books
             * @example 10.5
             */
            esperado?: number;
            /**
             * Format: uuid
             * @description the operation it is about
             */
            id_transaccion?: string;
            instance: string;
            /** @description what a POS shows; a list where several fields are wrong */
            message: string | string[];
            /** @description of DUPLICATE_SUSPECTED: the earlier one it resembles */
            operacion_anterior?: {
                estado: string;
                id: number | null;
                id_transaccion: string | null;
            };
            path: string;
            /**
             * @description of CAJA_NOT_EMPTY: cash of sales that are not settled yet
             * @example 10.5
             */
            pendiente?: number;
            /**
             * @description of BUNDLE_PRICE_CHANGED: the price now
             * @example 10.5
             */
            precio?: number;
            /**
             * @description of CAJA_NOT_EMPTY: settled cash in its drawer
             * @example 10.5
             */
            saldo?: number;
            status: number;
            statusCode: number;
            /** Format: date-time */
            timestamp: string;
            title: string;
            /** @example urn:recargas:error:INSUFFICIENT_FLOAT */
            type: string;
        };
        ProveedorDePaquetes: {
            disponible: boolean;
            habilitado: boolean;
            logo: string | null;
            motivo: string | null;
            nombre: string;
            operadora: string;
            proveedor: string;
        };
        RecargaCliente: {
            /** @description why it was not sold: stable, decide on it; null unless `estado` is RECHAZADA */
            codigo: ("CARRIER_REJECTED" | "CARRIER_INVALID" | "CARRIER_UNAVAILABLE" | "CARRIER_MISCONFIGURED" | "RESOLVED_AS_REJECTED" | "BUNDLE_NOT_OFFERED" | "BUNDLE_PRICE_CHANGED" | "BUNDLE_PRICE_UNCONFIRMED") | null;
            /** Format: date-time */
            created_at: string;
            /** @enum {string} */
            estado: "PENDIENTE" | "EN_REVISION" | "AUTORIZADA" | "RECHAZADA";
            /** Format: date-time */
            fecha_hora: string;
            id: number;
            id_caja_sesion: number;
            /** Format: uuid */
            id_transaccion: string;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            /**
             * @description an amount, with two decimals at most
             * @example 10.5
             */
            monto: number;
            /** @description the same for the cashier, a sentence to show; only where `estado` is RECHAZADA */
            motivo?: string;
            numero_cliente: string;
            operadora: string;
            /** @description the mobile package; null for a plain top-up */
            paquete: {
                codigo: string;
                nombre: string;
                proveedor: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
        };
        RecargaClienteAuditada: {
            /** @description why it was not sold: stable, decide on it; null unless `estado` is RECHAZADA */
            codigo: ("CARRIER_REJECTED" | "CARRIER_INVALID" | "CARRIER_UNAVAILABLE" | "CARRIER_MISCONFIGURED" | "RESOLVED_AS_REJECTED" | "BUNDLE_NOT_OFFERED" | "BUNDLE_PRICE_CHANGED" | "BUNDLE_PRICE_UNCONFIRMED") | null;
            /** Format: date-time */
            created_at: string;
            decision: components["schemas"]["Decision"] | null;
            /** @enum {string} */
            estado: "PENDIENTE" | "EN_REVISION" | "AUTORIZADA" | "RECHAZADA";
            /** Format: date-time */
            fecha_hora: string;
            historia?: components["schemas"]["PasoDeRecarga"][];
            id: number;
            id_caja_sesion: number;
            /** Format: uuid */
            id_transaccion: string;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            intentos: components["schemas"]["Intento"][];
            /**
             * @description an amount, with two decimals at most
             * @example 10.5
             */
            monto: number;
            /** @description the same for the cashier, a sentence to show; only where `estado` is RECHAZADA */
            motivo?: string;
            numero_cliente: string;
            operadora: string;
            /** @description the mobile package; null for a plain top-up */
            paquete: {
                codigo: string;
                nombre: string;
                proveedor: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
        };
        RecargaEnHistorial: {
            caja_sesion: components["schemas"]["SesionCaja"] | null;
            /** @description why it was not sold: stable, decide on it; null unless `estado` is RECHAZADA */
            codigo: ("CARRIER_REJECTED" | "CARRIER_INVALID" | "CARRIER_UNAVAILABLE" | "CARRIER_MISCONFIGURED" | "RESOLVED_AS_REJECTED" | "BUNDLE_NOT_OFFERED" | "BUNDLE_PRICE_CHANGED" | "BUNDLE_PRICE_UNCONFIRMED") | null;
            /** Format: date-time */
            created_at: string;
            /** @enum {string} */
            estado: "PENDIENTE" | "EN_REVISION" | "AUTORIZADA" | "RECHAZADA";
            /** Format: date-time */
            fecha_hora: string;
            id: number;
            id_caja_sesion: number;
            /** Format: uuid */
            id_transaccion: string;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            monto: string;
            /** @description the same for the cashier, a sentence to show; only where `estado` is RECHAZADA */
            motivo?: string;
            numero_cliente: string;
            operadora: string;
            /** @description the mobile package; null for a plain top-up */
            paquete: {
                codigo: string;
                nombre: string;
                proveedor: string;
            } | null;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description with `en`: what was held at that instant */
        SaldoEnInstante: {
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            disponible: string;
            /** Format: date-time */
            en: string;
            /** @enum {string} */
            moneda: "BOB" | "COP";
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            pendiente: string;
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            saldo: string;
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            saldo_reservado: string;
        };
        SesionCaja: {
            /** @description what was counted at the opening; null where it was not counted */
            conteo_inicial: number | null;
            /** Format: date-time */
            created_at: string;
            /** @description counted less (monto_final_teorico + pendiente + pendiente_anteriores): negative where cash is short */
            diferencia: string | null;
            /** @description over (positive) or short that the opening count booked */
            diferencia_apertura: number | null;
            /** @constant */
            estado: true;
            /** @enum {string} */
            estado_sesion: "ABIERTA" | "CERRADA";
            /** Format: date-time */
            fecha_apertura: string;
            fecha_cierre: string | null;
            id: number;
            id_caja: number;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            /** @description id of a user: a number where it is one */
            id_usuario: number | string;
            monto_final_real: string | null;
            monto_final_teorico: string | null;
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            monto_inicial: string;
            /**
             * @description cash taken for its sales that are not settled yet
             * @example 89.50
             */
            pendiente: string;
            /**
             * @description the same of earlier sessions: it lies in the same drawer
             * @example 10.5
             */
            pendiente_anteriores: number;
            /** Format: date-time */
            updated_at: string;
        };
        SesionCajaAbierta: {
            /** @description what was counted at the opening; null where it was not counted */
            conteo_inicial: number | null;
            /** Format: date-time */
            created_at: string;
            /** @description counted less (monto_final_teorico + pendiente + pendiente_anteriores): negative where cash is short */
            diferencia: number | null;
            /** @description over (positive) or short that the opening count booked */
            diferencia_apertura: number | null;
            /** @constant */
            estado: true;
            /** @enum {string} */
            estado_sesion: "ABIERTA" | "CERRADA";
            /** Format: date-time */
            fecha_apertura: string;
            fecha_cierre: string | null;
            id: number;
            id_caja: number;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            /** @description id of a user: a number where it is one */
            id_usuario: number | string;
            monto_final_real: number | null;
            monto_final_teorico: number | null;
            /**
             * @description an amount, with two decimals at most
             * @example 10.5
             */
            monto_inicial: number;
            /**
             * @description cash taken for its sales that are not settled yet
             * @example 10.5
             */
            pendiente: number;
            /**
             * @description the same of earlier sessions: it lies in the same drawer
             * @example 10.5
             */
            pendiente_anteriores: number;
            /** Format: date-time */
            updated_at: string;
        };
        SesionCajaCerrada: {
            /** @description what was counted at the opening; null where it was not counted */
            conteo_inicial: number | null;
            /** Format: date-time */
            created_at: string;
            cuadre: components["schemas"]["Cuadre"];
            /** @description counted less (monto_final_teorico + pendiente + pendiente_anteriores): negative where cash is short */
            diferencia: number | null;
            /** @description over (positive) or short that the opening count booked */
            diferencia_apertura: number | null;
            /** @constant */
            estado: true;
            /** @enum {string} */
            estado_sesion: "ABIERTA" | "CERRADA";
            /** Format: date-time */
            fecha_apertura: string;
            fecha_cierre: string | null;
            id: number;
            id_caja: number;
            id_user_create: (number | string) | null;
            id_user_update: (number | string) | null;
            /** @description id of a user: a number where it is one */
            id_usuario: number | string;
            monto_final_real: number | null;
            monto_final_teorico: number | null;
            /**
             * @description an amount as text, with two decimals
             * @example 89.50
             */
            monto_inicial: string;
            /**
             * @description cash taken for its sales that are not settled yet
             * @example 89.50
             */
            pendiente: string;
            /**
             * @description the same of earlier sessions: it lies in the same drawer
             * @example 10.5
             */
            pendiente_anteriores: number;
            /** Format: date-time */
            updated_at: string;
        };
    };
    responses: never;
    parameters: {
        /** @description Names the operation: the same key with the same body never takes place twice, and gets the same answer. One key for each press of the button, kept for its repeats. */
        "Idempotency-Key": string;
        /** @description RFC 7240, `wait=N`: seconds to wait for the outcome, at most 25. */
        Prefer: string;
        /** @description `true` after DUPLICATE_SUSPECTED: it is another sale indeed. It is audited. */
        "X-Confirmar-Duplicado": "true" | "false";
    };
    requestBodies: never;
    headers: {
        /** @description How old the carrier’s list is, in seconds. */
        Age: number;
        /** @description The next page, `rel="next"`; absent on the last one. */
        Link: string;
        /** @description Where to ask what became of it. */
        Location: string;
        /** @description The wait that was applied. */
        "Preference-Applied": string;
        /** @description When to ask or try again, in seconds. */
        "Retry-After": number;
        /** @description `true` where no newer list can be had. */
        "X-Desactualizado": string;
        /** @description How many there are on all pages. */
        "X-Total-Count": number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getCajas: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all cajas */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "estado": true,
                     *         "id_user_create": 1,
                     *         "id_user_update": 1,
                     *         "created_at": "2026-01-05T10:00:00.000Z",
                     *         "updated_at": "2026-01-05T12:20:00.020Z",
                     *         "id": 1,
                     *         "nombre": "Caja 01",
                     *         "especialidad": "MIXTA",
                     *         "saldo": "204.50",
                     *         "pendiente": "20.00"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Caja"][];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    postCajas: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the operation: the same key with the same body never takes place twice, and gets the same answer. One key for each press of the button, kept for its repeats. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    especialidad: "SOLO_VENTAS" | "SOLO_AGENTES" | "MIXTA";
                    id_user_create?: (number | string) | null;
                    /** @example Caja 01 */
                    nombre: string;
                    /** @example 20 */
                    saldo: number;
                };
            };
        };
        responses: {
            /** @description registered */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": true,
                     *       "id_user_create": 1,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T10:00:00.000Z",
                     *       "updated_at": "2026-01-05T10:00:00.000Z",
                     *       "id": 1,
                     *       "nombre": "Caja 01",
                     *       "especialidad": "SOLO_VENTAS",
                     *       "saldo": "500.00",
                     *       "pendiente": "0.00"
                     *     }
                     */
                    "application/json": components["schemas"]["Caja"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `JSON_BROKEN`: JSON incorrecto.
             *
             *     `BODY_TOO_COMPLEX`: Cuerpo demasiado complejo.
             *
             *     `FIELD_MISSING`: Falta un dato.
             *
             *     `FIELD_INVALID`: Dato incorrecto.
             *
             *     `FIELD_REPEATED`: Dato repetido.
             *
             *     `FIELD_UNKNOWN`: Dato desconocido.
             *
             *     `IDEMPOTENCY_KEY_INVALID`: Clave de la operación incorrecta.
             *
             *     `AMOUNT_NEGATIVE`: Monto negativo.
             *
             *     `AMOUNT_TOO_PRECISE`: Monto con demasiados decimales.
             *
             *     `AMOUNT_TOO_LARGE`: Monto demasiado grande.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_NEGATIVE" | "AMOUNT_TOO_LARGE" | "AMOUNT_TOO_PRECISE" | "BAD_REQUEST" | "BODY_TOO_COMPLEX" | "FIELD_INVALID" | "FIELD_MISSING" | "FIELD_REPEATED" | "FIELD_UNKNOWN" | "IDEMPOTENCY_KEY_INVALID" | "JSON_BROKEN" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `FORBIDDEN`: Sin permiso.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN" | "MERCHANT_NOT_CONFIGURED";
                    };
                };
            };
            /** @description `CURRENCY_MISMATCH`: Moneda distinta. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CURRENCY_MISMATCH";
                    };
                };
            };
            /** @description `BODY_TOO_LARGE`: Cuerpo demasiado grande. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BODY_TOO_LARGE";
                    };
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Tipo de contenido no admitido. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "UNSUPPORTED_MEDIA_TYPE";
                    };
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: Clave de la operación reutilizada. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "IDEMPOTENCY_KEY_REUSED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `OUTCOME_UNKNOWN`: Resultado desconocido.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "NOT_ACCEPTED" | "NOT_READY" | "OUTCOME_UNKNOWN";
                    };
                };
            };
        };
    };
    getCajasById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the caja */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": true,
                     *       "id_user_create": 1,
                     *       "id_user_update": 1,
                     *       "created_at": "2026-01-05T10:00:00.000Z",
                     *       "updated_at": "2026-01-05T20:00:00.000Z",
                     *       "id": 1,
                     *       "nombre": "Caja 01",
                     *       "especialidad": "MIXTA",
                     *       "saldo": "224.00",
                     *       "pendiente": "0.00",
                     *       "sesiones": [
                     *         {
                     *           "estado": true,
                     *           "id_user_create": 2,
                     *           "id_user_update": 2,
                     *           "created_at": "2026-01-05T11:00:00.000Z",
                     *           "updated_at": "2026-01-05T20:00:00.000Z",
                     *           "id": 1,
                     *           "monto_inicial": "500.00",
                     *           "monto_final_teorico": "224.50",
                     *           "monto_final_real": "224.00",
                     *           "diferencia": "-0.50",
                     *           "estado_sesion": "CERRADA",
                     *           "fecha_apertura": "2026-01-05T11:00:00.000Z",
                     *           "fecha_cierre": "2026-01-05T20:00:00.000Z",
                     *           "id_caja": 1,
                     *           "id_usuario": 2,
                     *           "pendiente": "0.00",
                     *           "pendiente_anteriores": 0,
                     *           "conteo_inicial": null,
                     *           "diferencia_apertura": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CajaConSesiones"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `CAJA_NOT_FOUND`: Caja no encontrada. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CAJA_NOT_FOUND";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    deleteCajasById: {
        parameters: {
            query?: {
                id_user_update?: string;
            };
            header?: {
                /** @description Names the operation: the same key with the same body never takes place twice, and gets the same answer. One key for each press of the button, kept for its repeats. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description retired */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `IDEMPOTENCY_KEY_INVALID`: Clave de la operación incorrecta.
             *
             *     `CAJA_HAS_OPEN_SESSION`: Caja con sesión abierta.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "CAJA_HAS_OPEN_SESSION" | "IDEMPOTENCY_KEY_INVALID" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `FORBIDDEN`: Sin permiso.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN" | "MERCHANT_NOT_CONFIGURED";
                    };
                };
            };
            /** @description `CAJA_NOT_FOUND`: Caja no encontrada. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CAJA_NOT_FOUND";
                    };
                };
            };
            /**
             * @description `CAJA_NOT_EMPTY`: Caja con dinero.
             *
             *     `CURRENCY_MISMATCH`: Moneda distinta.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CAJA_NOT_EMPTY" | "CURRENCY_MISMATCH";
                    };
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: Clave de la operación reutilizada. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "IDEMPOTENCY_KEY_REUSED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `OUTCOME_UNKNOWN`: Resultado desconocido.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "NOT_ACCEPTED" | "NOT_READY" | "OUTCOME_UNKNOWN";
                    };
                };
            };
        };
    };
    patchCajasById: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the operation: the same key with the same body never takes place twice, and gets the same answer. One key for each press of the button, kept for its repeats. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    especialidad?: "SOLO_VENTAS" | "SOLO_AGENTES" | "MIXTA";
                    id_user_create?: (number | string) | null;
                    id_user_update?: (number | string) | null;
                    /** @example Caja 01 */
                    nombre?: string;
                    /** @example 20 */
                    saldo?: number;
                };
            };
        };
        responses: {
            /** @description changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": true,
                     *       "id_user_create": 1,
                     *       "id_user_update": 1,
                     *       "created_at": "2026-01-05T10:00:00.000Z",
                     *       "updated_at": "2026-01-05T10:30:00.000Z",
                     *       "id": 1,
                     *       "nombre": "Caja 01",
                     *       "especialidad": "MIXTA",
                     *       "saldo": "500.00",
                     *       "pendiente": "0.00"
                     *     }
                     */
                    "application/json": components["schemas"]["Caja"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `JSON_BROKEN`: JSON incorrecto.
             *
             *     `BODY_TOO_COMPLEX`: Cuerpo demasiado complejo.
             *
             *     `FIELD_MISSING`: Falta un dato.
             *
             *     `FIELD_INVALID`: Dato incorrecto.
             *
             *     `FIELD_REPEATED`: Dato repetido.
             *
             *     `FIELD_UNKNOWN`: Dato desconocido.
             *
             *     `IDEMPOTENCY_KEY_INVALID`: Clave de la operación incorrecta.
             *
             *     `AMOUNT_NEGATIVE`: Monto negativo.
             *
             *     `AMOUNT_TOO_PRECISE`: Monto con demasiados decimales.
             *
             *     `AMOUNT_TOO_LARGE`: Monto demasiado grande.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_NEGATIVE" | "AMOUNT_TOO_LARGE" | "AMOUNT_TOO_PRECISE" | "BAD_REQUEST" | "BODY_TOO_COMPLEX" | "FIELD_INVALID" | "FIELD_MISSING" | "FIELD_REPEATED" | "FIELD_UNKNOWN" | "IDEMPOTENCY_KEY_INVALID" | "JSON_BROKEN" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `FORBIDDEN`: Sin permiso.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN" | "MERCHANT_NOT_CONFIGURED";
                    };
                };
            };
            /** @description `CAJA_NOT_FOUND`: Caja no encontrada. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CAJA_NOT_FOUND";
                    };
                };
            };
            /** @description `CURRENCY_MISMATCH`: Moneda distinta. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CURRENCY_MISMATCH";
                    };
                };
            };
            /** @description `BODY_TOO_LARGE`: Cuerpo demasiado grande. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BODY_TOO_LARGE";
                    };
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Tipo de contenido no admitido. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "UNSUPPORTED_MEDIA_TYPE";
                    };
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: Clave de la operación reutilizada. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "IDEMPOTENCY_KEY_REUSED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `OUTCOME_UNKNOWN`: Resultado desconocido.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "NOT_ACCEPTED" | "NOT_READY" | "OUTCOME_UNKNOWN";
                    };
                };
            };
        };
    };
    postCajasAbrir: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the operation: the same key with the same body never takes place twice, and gets the same answer. One key for each press of the button, kept for its repeats. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @example 20 */
                    conteo_inicial?: number;
                    /** @example 1 */
                    id_caja: number;
                    id_user_create?: (number | string) | null;
                    /**
                     * @description id of a user
                     * @example 2
                     */
                    id_usuario: number | string;
                    /** @example 20 */
                    monto_inicial?: number;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description open */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": true,
                     *       "id_user_create": 2,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T11:00:00.000Z",
                     *       "updated_at": "2026-01-05T11:00:00.000Z",
                     *       "id": 1,
                     *       "monto_inicial": 500,
                     *       "monto_final_teorico": null,
                     *       "monto_final_real": null,
                     *       "diferencia": null,
                     *       "estado_sesion": "ABIERTA",
                     *       "fecha_apertura": "2026-01-05T11:00:00.000Z",
                     *       "fecha_cierre": null,
                     *       "id_caja": 1,
                     *       "id_usuario": 2,
                     *       "pendiente": 0,
                     *       "pendiente_anteriores": 0,
                     *       "conteo_inicial": null,
                     *       "diferencia_apertura": null
                     *     }
                     */
                    "application/json": components["schemas"]["SesionCajaAbierta"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `JSON_BROKEN`: JSON incorrecto.
             *
             *     `BODY_TOO_COMPLEX`: Cuerpo demasiado complejo.
             *
             *     `FIELD_MISSING`: Falta un dato.
             *
             *     `FIELD_INVALID`: Dato incorrecto.
             *
             *     `FIELD_REPEATED`: Dato repetido.
             *
             *     `FIELD_UNKNOWN`: Dato desconocido.
             *
             *     `IDEMPOTENCY_KEY_INVALID`: Clave de la operación incorrecta.
             *
             *     `AMOUNT_NEGATIVE`: Monto negativo.
             *
             *     `AMOUNT_TOO_PRECISE`: Monto con demasiados decimales.
             *
             *     `AMOUNT_TOO_LARGE`: Monto demasiado grande.
             *
             *     `USER_HAS_OPEN_SESSION`: Usuario con caja abierta.
             *
             *     `CAJA_HAS_OPEN_SESSION`: Caja con sesión abierta.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_NEGATIVE" | "AMOUNT_TOO_LARGE" | "AMOUNT_TOO_PRECISE" | "BAD_REQUEST" | "BODY_TOO_COMPLEX" | "CAJA_HAS_OPEN_SESSION" | "FIELD_INVALID" | "FIELD_MISSING" | "FIELD_REPEATED" | "FIELD_UNKNOWN" | "IDEMPOTENCY_KEY_INVALID" | "JSON_BROKEN" | "QUERY_INVALID" | "URL_TOO_LONG" | "USER_HAS_OPEN_SESSION";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `FORBIDDEN`: Sin permiso.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             *
             *     `USER_MISMATCH`: Usuario ajeno.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN" | "MERCHANT_NOT_CONFIGURED" | "USER_MISMATCH";
                    };
                };
            };
            /** @description `CAJA_NOT_FOUND`: Caja no encontrada. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CAJA_NOT_FOUND";
                    };
                };
            };
            /**
             * @description `CURRENCY_MISMATCH`: Moneda distinta.
             *
             *     `OPENING_COUNT_DIFFERS`: Conteo de apertura distinto.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CURRENCY_MISMATCH" | "OPENING_COUNT_DIFFERS";
                    };
                };
            };
            /** @description `BODY_TOO_LARGE`: Cuerpo demasiado grande. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BODY_TOO_LARGE";
                    };
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Tipo de contenido no admitido. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "UNSUPPORTED_MEDIA_TYPE";
                    };
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: Clave de la operación reutilizada. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "IDEMPOTENCY_KEY_REUSED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `OUTCOME_UNKNOWN`: Resultado desconocido.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "NOT_ACCEPTED" | "NOT_READY" | "OUTCOME_UNKNOWN";
                    };
                };
            };
        };
    };
    postCajasMovimiento: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the operation: the same key with the same body never takes place twice, and gets the same answer. One key for each press of the button, kept for its repeats. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @example 1 */
                    id_sesion_caja: number;
                    id_user_create?: (number | string) | null;
                    /** @example 20 */
                    monto: number;
                    /** @example cambio */
                    motivo: string;
                    /** @enum {string} */
                    tipo: "INGRESO" | "EGRESO";
                };
            };
        };
        responses: {
            /** @description booked */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": true,
                     *       "id_user_create": 2,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T12:10:00.000Z",
                     *       "updated_at": "2026-01-05T12:10:00.000Z",
                     *       "id": 1,
                     *       "id_transaccion": "019b8e10-6dc0-7e18-94a6-3b5d7c9f4a05",
                     *       "tipo": "EGRESO",
                     *       "monto": 5,
                     *       "motivo": "bolsas",
                     *       "fecha": "2026-01-05T12:10:00.000Z",
                     *       "id_sesion_caja": 1
                     *     }
                     */
                    "application/json": components["schemas"]["MovimientoCaja"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `JSON_BROKEN`: JSON incorrecto.
             *
             *     `BODY_TOO_COMPLEX`: Cuerpo demasiado complejo.
             *
             *     `FIELD_MISSING`: Falta un dato.
             *
             *     `FIELD_INVALID`: Dato incorrecto.
             *
             *     `FIELD_REPEATED`: Dato repetido.
             *
             *     `FIELD_UNKNOWN`: Dato desconocido.
             *
             *     `IDEMPOTENCY_KEY_INVALID`: Clave de la operación incorrecta.
             *
             *     `AMOUNT_NEGATIVE`: Monto negativo.
             *
             *     `AMOUNT_TOO_PRECISE`: Monto con demasiados decimales.
             *
             *     `AMOUNT_TOO_LARGE`: Monto demasiado grande.
             *
             *     `AMOUNT_ZERO`: Monto cero.
             *
             *     `AMOUNT_BELOW_MINIMUM`: Monto menor al mínimo.
             *
             *     `SESSION_ALREADY_CLOSED`: Sesión cerrada.
             *
             *     `INSUFFICIENT_DRAWER`: Fondos insuficientes en caja.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_BELOW_MINIMUM" | "AMOUNT_NEGATIVE" | "AMOUNT_TOO_LARGE" | "AMOUNT_TOO_PRECISE" | "AMOUNT_ZERO" | "BAD_REQUEST" | "BODY_TOO_COMPLEX" | "FIELD_INVALID" | "FIELD_MISSING" | "FIELD_REPEATED" | "FIELD_UNKNOWN" | "IDEMPOTENCY_KEY_INVALID" | "INSUFFICIENT_DRAWER" | "JSON_BROKEN" | "QUERY_INVALID" | "SESSION_ALREADY_CLOSED" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `FORBIDDEN`: Sin permiso.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             *
             *     `USER_MISMATCH`: Usuario ajeno.
             *
             *     `SESSION_OF_ANOTHER`: Sesión ajena.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN" | "MERCHANT_NOT_CONFIGURED" | "SESSION_OF_ANOTHER" | "USER_MISMATCH";
                    };
                };
            };
            /** @description `SESSION_NOT_FOUND`: Sesión no encontrada. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "SESSION_NOT_FOUND";
                    };
                };
            };
            /** @description `CURRENCY_MISMATCH`: Moneda distinta. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CURRENCY_MISMATCH";
                    };
                };
            };
            /** @description `BODY_TOO_LARGE`: Cuerpo demasiado grande. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BODY_TOO_LARGE";
                    };
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Tipo de contenido no admitido. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "UNSUPPORTED_MEDIA_TYPE";
                    };
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: Clave de la operación reutilizada. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "IDEMPOTENCY_KEY_REUSED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `OUTCOME_UNKNOWN`: Resultado desconocido.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "NOT_ACCEPTED" | "NOT_READY" | "OUTCOME_UNKNOWN";
                    };
                };
            };
        };
    };
    getCajasSesionActivaByIdUsuario: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id_usuario: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": true,
                     *       "id_user_create": 2,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T11:00:00.000Z",
                     *       "updated_at": "2026-01-05T12:20:00.020Z",
                     *       "id": 1,
                     *       "monto_inicial": "500.00",
                     *       "monto_final_teorico": null,
                     *       "monto_final_real": null,
                     *       "diferencia": null,
                     *       "estado_sesion": "ABIERTA",
                     *       "fecha_apertura": "2026-01-05T11:00:00.000Z",
                     *       "fecha_cierre": null,
                     *       "id_caja": 1,
                     *       "id_usuario": 2,
                     *       "pendiente": "20.00",
                     *       "pendiente_anteriores": 0,
                     *       "conteo_inicial": null,
                     *       "diferencia_apertura": null
                     *     }
                     */
                    "application/json": components["schemas"]["SesionCaja"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `USER_MISMATCH`: Usuario ajeno. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "USER_MISMATCH";
                    };
                };
            };
            /** @description `NO_ACTIVE_SESSION`: Sin sesión activa. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "NO_ACTIVE_SESSION";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    getCajasSesionByIdArqueo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sesion": {
                     *         "estado": true,
                     *         "id_user_create": 2,
                     *         "id_user_update": 2,
                     *         "created_at": "2026-01-05T11:00:00.000Z",
                     *         "updated_at": "2026-01-05T20:00:00.000Z",
                     *         "id": 1,
                     *         "monto_inicial": "500.00",
                     *         "monto_final_teorico": "224.50",
                     *         "monto_final_real": "224.00",
                     *         "diferencia": "-0.50",
                     *         "estado_sesion": "CERRADA",
                     *         "fecha_apertura": "2026-01-05T11:00:00.000Z",
                     *         "fecha_cierre": "2026-01-05T20:00:00.000Z",
                     *         "id_caja": 1,
                     *         "id_usuario": 2,
                     *         "pendiente": "0.00",
                     *         "pendiente_anteriores": 0,
                     *         "conteo_inicial": null,
                     *         "diferencia_apertura": null
                     *       },
                     *       "dia_apertura": "2026-01-05",
                     *       "dia_cierre": "2026-01-05",
                     *       "moneda": "BOB",
                     *       "apertura": "500.00",
                     *       "ventas": {
                     *         "cantidad": 3,
                     *         "monto": "129.50",
                     *         "por_operadora": [
                     *           {
                     *             "operadora": "Tigo",
                     *             "cantidad": 3,
                     *             "monto": "129.50"
                     *           }
                     *         ]
                     *       },
                     *       "ventas_de_sesiones_anteriores": {
                     *         "cantidad": 0,
                     *         "monto": "0.00",
                     *         "por_operadora": []
                     *       },
                     *       "inyecciones": {
                     *         "cantidad": 1,
                     *         "monto": "400.00",
                     *         "por_operadora": [
                     *           {
                     *             "operadora": "Tigo",
                     *             "cantidad": 1,
                     *             "monto": "400.00"
                     *           }
                     *         ]
                     *       },
                     *       "ingresos": {
                     *         "cantidad": 0,
                     *         "monto": "0.00"
                     *       },
                     *       "egresos": {
                     *         "cantidad": 1,
                     *         "monto": "5.00"
                     *       },
                     *       "correcciones": {
                     *         "entradas": {
                     *           "cantidad": 0,
                     *           "monto": "0.00"
                     *         },
                     *         "salidas": {
                     *           "cantidad": 0,
                     *           "monto": "0.00"
                     *         }
                     *       },
                     *       "pendientes": {
                     *         "cantidad": 0,
                     *         "monto": "0.00",
                     *         "por_operadora": []
                     *       },
                     *       "esperado": "224.50",
                     *       "contado": "224.00",
                     *       "diferencia": "-0.50",
                     *       "cuadre": {
                     *         "esperado": 224.5,
                     *         "pendiente_sesion": 0,
                     *         "pendiente_anteriores": 0,
                     *         "contado": 224,
                     *         "diferencia": -0.5
                     *       },
                     *       "detalle_apertura": {
                     *         "saldo_anterior": 0,
                     *         "saldo_de_alta": 500,
                     *         "ventas_entre_sesiones": 0,
                     *         "correcciones_entre_sesiones": 0,
                     *         "conteo_de_apertura": 0
                     *       },
                     *       "faltante_arrastrado": 0,
                     *       "asiento_apertura": null,
                     *       "asiento_diferencia": {
                     *         "id_transaccion": "019b8fbe-ba00-724a-a05e-9c1a3d7f8a08",
                     *         "fecha": "2026-01-05T20:00:00.000Z",
                     *         "monto": "-0.50"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Arqueo"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `SESSION_OF_ANOTHER`: Sesión ajena. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "SESSION_OF_ANOTHER";
                    };
                };
            };
            /** @description `SESSION_NOT_FOUND`: Sesión no encontrada. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "SESSION_NOT_FOUND";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    getCajasSesionByIdBalance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the amount */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example 204.50 */
                    "text/html": string;
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `SESSION_OF_ANOTHER`: Sesión ajena. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "SESSION_OF_ANOTHER";
                    };
                };
            };
            /** @description `SESSION_NOT_FOUND`: Sesión no encontrada. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "SESSION_NOT_FOUND";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    patchCajasSesionByIdCerrar: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the operation: the same key with the same body never takes place twice, and gets the same answer. One key for each press of the button, kept for its repeats. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    aceptar_pendientes?: boolean;
                    id_user_update?: (number | string) | null;
                    /** @example 20 */
                    monto_final_real?: number;
                    /** @example 20 */
                    monto_real_fisico?: number;
                } & {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description closed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": true,
                     *       "id_user_create": 2,
                     *       "id_user_update": 2,
                     *       "created_at": "2026-01-05T11:00:00.000Z",
                     *       "updated_at": "2026-01-05T20:00:00.000Z",
                     *       "id": 1,
                     *       "monto_inicial": "500.00",
                     *       "monto_final_teorico": 224.5,
                     *       "monto_final_real": 224,
                     *       "diferencia": -0.5,
                     *       "estado_sesion": "CERRADA",
                     *       "fecha_apertura": "2026-01-05T11:00:00.000Z",
                     *       "fecha_cierre": "2026-01-05T20:00:00.000Z",
                     *       "id_caja": 1,
                     *       "id_usuario": 2,
                     *       "pendiente": "0.00",
                     *       "pendiente_anteriores": 0,
                     *       "conteo_inicial": null,
                     *       "diferencia_apertura": null,
                     *       "cuadre": {
                     *         "esperado": 224.5,
                     *         "pendiente_sesion": 0,
                     *         "pendiente_anteriores": 0,
                     *         "contado": 224,
                     *         "diferencia": -0.5
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["SesionCajaCerrada"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `JSON_BROKEN`: JSON incorrecto.
             *
             *     `BODY_TOO_COMPLEX`: Cuerpo demasiado complejo.
             *
             *     `FIELD_MISSING`: Falta un dato.
             *
             *     `FIELD_INVALID`: Dato incorrecto.
             *
             *     `FIELD_REPEATED`: Dato repetido.
             *
             *     `FIELD_UNKNOWN`: Dato desconocido.
             *
             *     `IDEMPOTENCY_KEY_INVALID`: Clave de la operación incorrecta.
             *
             *     `AMOUNT_NEGATIVE`: Monto negativo.
             *
             *     `AMOUNT_TOO_PRECISE`: Monto con demasiados decimales.
             *
             *     `AMOUNT_TOO_LARGE`: Monto demasiado grande.
             *
             *     `SESSION_ALREADY_CLOSED`: Sesión cerrada.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_NEGATIVE" | "AMOUNT_TOO_LARGE" | "AMOUNT_TOO_PRECISE" | "BAD_REQUEST" | "BODY_TOO_COMPLEX" | "FIELD_INVALID" | "FIELD_MISSING" | "FIELD_REPEATED" | "FIELD_UNKNOWN" | "IDEMPOTENCY_KEY_INVALID" | "JSON_BROKEN" | "QUERY_INVALID" | "SESSION_ALREADY_CLOSED" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `FORBIDDEN`: Sin permiso.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             *
             *     `USER_MISMATCH`: Usuario ajeno.
             *
             *     `SESSION_OF_ANOTHER`: Sesión ajena.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN" | "MERCHANT_NOT_CONFIGURED" | "SESSION_OF_ANOTHER" | "USER_MISMATCH";
                    };
                };
            };
            /** @description `SESSION_NOT_FOUND`: Sesión no encontrada. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "SESSION_NOT_FOUND";
                    };
                };
            };
            /**
             * @description `SESSION_HAS_PENDING`: Sesión con recargas pendientes.
             *
             *     `CURRENCY_MISMATCH`: Moneda distinta.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CURRENCY_MISMATCH" | "SESSION_HAS_PENDING";
                    };
                };
            };
            /** @description `BODY_TOO_LARGE`: Cuerpo demasiado grande. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BODY_TOO_LARGE";
                    };
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Tipo de contenido no admitido. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "UNSUPPORTED_MEDIA_TYPE";
                    };
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: Clave de la operación reutilizada. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "IDEMPOTENCY_KEY_REUSED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `OUTCOME_UNKNOWN`: Resultado desconocido.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "NOT_ACCEPTED" | "NOT_READY" | "OUTCOME_UNKNOWN";
                    };
                };
            };
        };
    };
    getCajasSesionByIdExtracto: {
        parameters: {
            query?: {
                cursor?: string;
                /** @description from this moment on. A date without a time is the beginning of that day at the shop, by its `zona_horaria` */
                desde?: string;
                /** @description what was held at that moment, instead of entries. A date without a time is the beginning of that day at the shop */
                en?: string;
                /** @description up to this moment, which is not part of the period. A date without a time includes that whole day at the shop, so `desde` and `hasta` with the same date are that day */
                hasta?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of entries; with `en` what was held then; all entries */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "moneda": "BOB",
                     *       "saldo_inicial": "0.00",
                     *       "movimientos": [
                     *         {
                     *           "fecha": "2026-01-05T10:00:00.000Z",
                     *           "tipo": "APERTURA",
                     *           "referencia": null,
                     *           "id_transaccion": "019b8d99-6900-7c41-a3d2-5e0b9f1d2a01",
                     *           "operadora": null,
                     *           "id_sesion_origen": null,
                     *           "motivo": null,
                     *           "entrada": "500.00",
                     *           "salida": "0.00",
                     *           "saldo": "500.00",
                     *           "pendiente": "0.00"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T11:15:00.000Z",
                     *           "tipo": "INYECCION",
                     *           "referencia": 1,
                     *           "id_transaccion": "019b8dde-1320-7b52-8f0e-1c7a4e6b2a02",
                     *           "operadora": "Tigo",
                     *           "id_sesion_origen": null,
                     *           "motivo": null,
                     *           "entrada": "0.00",
                     *           "salida": "400.00",
                     *           "saldo": "100.00",
                     *           "pendiente": "0.00"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:00:00.020Z",
                     *           "tipo": "RESERVA",
                     *           "referencia": 1,
                     *           "id_transaccion": "019b8e07-4600-7d77-9d5c-2f4f3f9e1a03",
                     *           "operadora": "Tigo",
                     *           "id_sesion_origen": null,
                     *           "motivo": null,
                     *           "entrada": "0.00",
                     *           "salida": "0.00",
                     *           "saldo": "100.00",
                     *           "pendiente": "10.50"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:00:01.000Z",
                     *           "tipo": "VENTA",
                     *           "referencia": 1,
                     *           "id_transaccion": "019b8e07-4600-7d77-9d5c-2f4f3f9e1a03",
                     *           "operadora": "Tigo",
                     *           "id_sesion_origen": null,
                     *           "motivo": null,
                     *           "entrada": "10.50",
                     *           "salida": "0.00",
                     *           "saldo": "110.50",
                     *           "pendiente": "0.00"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:05:00.020Z",
                     *           "tipo": "RESERVA",
                     *           "referencia": 2,
                     *           "id_transaccion": "019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04",
                     *           "operadora": "Tigo",
                     *           "id_sesion_origen": null,
                     *           "motivo": null,
                     *           "entrada": "0.00",
                     *           "salida": "0.00",
                     *           "saldo": "110.50",
                     *           "pendiente": "99.00"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:05:01.000Z",
                     *           "tipo": "VENTA",
                     *           "referencia": 2,
                     *           "id_transaccion": "019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04",
                     *           "operadora": "Tigo",
                     *           "id_sesion_origen": null,
                     *           "motivo": null,
                     *           "entrada": "99.00",
                     *           "salida": "0.00",
                     *           "saldo": "209.50",
                     *           "pendiente": "0.00"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:10:00.000Z",
                     *           "tipo": "EGRESO",
                     *           "referencia": 1,
                     *           "id_transaccion": "019b8e10-6dc0-7e18-94a6-3b5d7c9f4a05",
                     *           "operadora": null,
                     *           "id_sesion_origen": null,
                     *           "motivo": "bolsas",
                     *           "entrada": "0.00",
                     *           "salida": "5.00",
                     *           "saldo": "204.50",
                     *           "pendiente": "0.00"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:20:00.020Z",
                     *           "tipo": "RESERVA",
                     *           "referencia": 3,
                     *           "id_transaccion": "019b8e19-9580-7f29-8c3b-7a9e1d5b6a06",
                     *           "operadora": "Tigo",
                     *           "id_sesion_origen": null,
                     *           "motivo": null,
                     *           "entrada": "0.00",
                     *           "salida": "0.00",
                     *           "saldo": "204.50",
                     *           "pendiente": "20.00"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T13:30:00.400Z",
                     *           "tipo": "VENTA",
                     *           "referencia": 3,
                     *           "id_transaccion": "019b8e19-9580-7f29-8c3b-7a9e1d5b6a06",
                     *           "operadora": "Tigo",
                     *           "id_sesion_origen": null,
                     *           "motivo": null,
                     *           "entrada": "20.00",
                     *           "salida": "0.00",
                     *           "saldo": "224.50",
                     *           "pendiente": "0.00"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T20:00:00.000Z",
                     *           "tipo": "CIERRE",
                     *           "referencia": null,
                     *           "id_transaccion": "019b8fbe-ba00-724a-a05e-9c1a3d7f8a08",
                     *           "operadora": null,
                     *           "id_sesion_origen": null,
                     *           "motivo": null,
                     *           "entrada": "0.00",
                     *           "salida": "0.50",
                     *           "saldo": "224.00",
                     *           "pendiente": "0.00"
                     *         }
                     *       ],
                     *       "cursor_siguiente": null
                     *     }
                     */
                    "application/json": components["schemas"]["ExtractoDeSesion"] | components["schemas"]["SaldoEnInstante"];
                    /**
                     * @example fecha,tipo,referencia,id_transaccion,operadora,id_sesion_origen,motivo,entrada,salida,saldo,pendiente,fecha_local
                     *     2026-01-05T10:00:00.000Z,APERTURA,,019b8d99-6900-7c41-a3d2-5e0b9f1d2a01,,,,500.00,0.00,500.00,0.00,2026-01-05 06:00:00
                     *     2026-01-05T11:15:00.000Z,INYECCION,1,019b8dde-1320-7b52-8f0e-1c7a4e6b2a02,Tigo,,,0.00,400.00,100.00,0.00,2026-01-05 07:15:00
                     *     2026-01-05T12:00:00.020Z,RESERVA,1,019b8e07-4600-7d77-9d5c-2f4f3f9e1a03,Tigo,,,0.00,0.00,100.00,10.50,2026-01-05 08:00:00
                     *     2026-01-05T12:00:01.000Z,VENTA,1,019b8e07-4600-7d77-9d5c-2f4f3f9e1a03,Tigo,,,10.50,0.00,110.50,0.00,2026-01-05 08:00:01
                     *     2026-01-05T12:05:00.020Z,RESERVA,2,019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04,Tigo,,,0.00,0.00,110.50,99.00,2026-01-05 08:05:00
                     *     2026-01-05T12:05:01.000Z,VENTA,2,019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04,Tigo,,,99.00,0.00,209.50,0.00,2026-01-05 08:05:01
                     *     2026-01-05T12:10:00.000Z,EGRESO,1,019b8e10-6dc0-7e18-94a6-3b5d7c9f4a05,,,bolsas,0.00,5.00,204.50,0.00,2026-01-05 08:10:00
                     *     2026-01-05T12:20:00.020Z,RESERVA,3,019b8e19-9580-7f29-8c3b-7a9e1d5b6a06,Tigo,,,0.00,0.00,204.50,20.00,2026-01-05 08:20:00
                     *     2026-01-05T13:30:00.400Z,VENTA,3,019b8e19-9580-7f29-8c3b-7a9e1d5b6a06,Tigo,,,20.00,0.00,224.50,0.00,2026-01-05 09:30:00
                     *     2026-01-05T20:00:00.000Z,CIERRE,,019b8fbe-ba00-724a-a05e-9c1a3d7f8a08,,,,0.00,0.50,224.00,0.00,2026-01-05 16:00:00
                     */
                    "text/csv": string;
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `SESSION_OF_ANOTHER`: Sesión ajena. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "SESSION_OF_ANOTHER";
                    };
                };
            };
            /** @description `SESSION_NOT_FOUND`: Sesión no encontrada. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "SESSION_NOT_FOUND";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page that needs nothing from elsewhere */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
        };
    };
    getIncidencias: {
        parameters: {
            query?: {
                cursor?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of cases */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "019b8e27-5120-7139-9e4d-8b0f2c6d7a07:carrier-balance-differs",
                     *         "tipo": "DIFERENCIA_CON_PROVEEDOR",
                     *         "monto": null,
                     *         "fecha": "2026-01-05T12:35:00.000Z",
                     *         "recarga": null,
                     *         "diferencia": {
                     *           "unidades_proveedor": 2000,
                     *           "desde": "2026-01-05T12:15:00.000Z",
                     *           "hasta": "2026-01-05T12:35:00.000Z",
                     *           "posibles": [
                     *             {
                     *               "estado": "AUTORIZADA",
                     *               "id_user_create": 2,
                     *               "id_user_update": null,
                     *               "created_at": "2026-01-05T12:20:00.000Z",
                     *               "updated_at": "2026-01-05T13:30:00.400Z",
                     *               "id": 3,
                     *               "id_transaccion": "019b8e19-9580-7f29-8c3b-7a9e1d5b6a06",
                     *               "operadora": "Tigo",
                     *               "paquete": null,
                     *               "numero_cliente": "76543210",
                     *               "fecha_hora": "2026-01-05T12:20:00.000Z",
                     *               "id_caja_sesion": 1,
                     *               "monto": 20,
                     *               "codigo": null,
                     *               "intentos": [
                     *                 {
                     *                   "intento": 1,
                     *                   "inicio": "2026-01-05T12:20:00.100Z",
                     *                   "fin": "2026-01-05T12:20:08.100Z",
                     *                   "fila": 9,
                     *                   "observado": "time-out after 8000 ms",
                     *                   "http": null,
                     *                   "estado_operador": null,
                     *                   "codigo_resultado": null
                     *                 },
                     *                 {
                     *                   "intento": 2,
                     *                   "inicio": "2026-01-05T12:20:10.100Z",
                     *                   "fin": "2026-01-05T12:20:18.100Z",
                     *                   "fila": 9,
                     *                   "observado": "time-out after 8000 ms",
                     *                   "http": null,
                     *                   "estado_operador": null,
                     *                   "codigo_resultado": null
                     *                 },
                     *                 {
                     *                   "intento": 3,
                     *                   "inicio": "2026-01-05T12:20:30.100Z",
                     *                   "fin": "2026-01-05T12:20:38.100Z",
                     *                   "fila": 9,
                     *                   "observado": "time-out after 8000 ms",
                     *                   "http": null,
                     *                   "estado_operador": null,
                     *                   "codigo_resultado": null
                     *                 },
                     *                 {
                     *                   "intento": 4,
                     *                   "inicio": "2026-01-05T12:21:00.100Z",
                     *                   "fin": "2026-01-05T12:21:08.100Z",
                     *                   "fila": 9,
                     *                   "observado": "time-out after 8000 ms",
                     *                   "http": null,
                     *                   "estado_operador": null,
                     *                   "codigo_resultado": null
                     *                 },
                     *                 {
                     *                   "intento": 5,
                     *                   "inicio": "2026-01-05T12:22:00.100Z",
                     *                   "fin": "2026-01-05T12:22:08.100Z",
                     *                   "fila": 9,
                     *                   "observado": "time-out after 8000 ms",
                     *                   "http": null,
                     *                   "estado_operador": null,
                     *                   "codigo_resultado": null
                     *                 }
                     *               ],
                     *               "decision": {
                     *                 "resultado": "AUTORIZADA",
                     *                 "evidencia": "ticket 4711",
                     *                 "nota": "confirmado por teléfono",
                     *                 "usuario": 1,
                     *                 "fecha": "2026-01-05T13:00:00.000Z",
                     *                 "confirmado_por": 9,
                     *                 "definitiva": true
                     *               }
                     *             }
                     *           ]
                     *         },
                     *         "cierre": {
                     *           "por": "Ana Rojas",
                     *           "fecha": "2026-01-05T13:45:00.000Z",
                     *           "motivo": "La recarga 3 quedó autorizada."
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Incidencia"][];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `FORBIDDEN`: Sin permiso. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    getLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "live": true,
                     *       "version": "0.1.0"
                     *     }
                     */
                    "application/json": unknown;
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the figures */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
        };
    };
    getOpenapiJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
        };
    };
    getOperadoras: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all operators */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "nombre": "Tigo",
                     *         "proveedor": "tpaga",
                     *         "slug": "tigo",
                     *         "patron_numero": "([0-9]{8}|3[0-9]{9})",
                     *         "moneda": "BOB",
                     *         "minimo": 0.1,
                     *         "maximo": 1000,
                     *         "paso": 0.1,
                     *         "disponible": true,
                     *         "motivo": null,
                     *         "paquetes": {
                     *           "proveedor": "3",
                     *           "disponible": true,
                     *           "motivo": null
                     *         }
                     *       },
                     *       {
                     *         "nombre": "Entel",
                     *         "proveedor": "tpaga",
                     *         "slug": "entel",
                     *         "patron_numero": "([0-9]{8}|3[0-9]{9})",
                     *         "moneda": "BOB",
                     *         "minimo": 0.1,
                     *         "maximo": 1000,
                     *         "paso": 0.1,
                     *         "disponible": true,
                     *         "motivo": null,
                     *         "paquetes": null
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["Operadora"][];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `MERCHANT_NOT_CONFIGURED`: Comercio no configurado. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "MERCHANT_NOT_CONFIGURED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    getOperadorasByNombreExtracto: {
        parameters: {
            query?: {
                cursor?: string;
                /** @description from this moment on. A date without a time is the beginning of that day at the shop, by its `zona_horaria` */
                desde?: string;
                /** @description what was held at that moment, instead of entries. A date without a time is the beginning of that day at the shop */
                en?: string;
                /** @description up to this moment, which is not part of the period. A date without a time includes that whole day at the shop, so `desde` and `hasta` with the same date are that day */
                hasta?: string;
                limit?: number;
            };
            header?: never;
            path: {
                nombre: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of entries; with `en` what was held then; all entries */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "moneda": "BOB",
                     *       "saldo_inicial": "0.00",
                     *       "movimientos": [
                     *         {
                     *           "fecha": "2026-01-05T11:15:00.000Z",
                     *           "tipo": "INYECCION",
                     *           "referencia": 1,
                     *           "id_transaccion": "019b8dde-1320-7b52-8f0e-1c7a4e6b2a02",
                     *           "operadora": "Tigo",
                     *           "entrada": "400.00",
                     *           "salida": "0.00",
                     *           "saldo": "400.00",
                     *           "saldo_reservado": "0.00",
                     *           "disponible": "400.00"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:00:00.020Z",
                     *           "tipo": "RESERVA",
                     *           "referencia": 1,
                     *           "id_transaccion": "019b8e07-4600-7d77-9d5c-2f4f3f9e1a03",
                     *           "operadora": "Tigo",
                     *           "entrada": "0.00",
                     *           "salida": "0.00",
                     *           "saldo": "400.00",
                     *           "saldo_reservado": "10.50",
                     *           "disponible": "389.50"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:00:01.000Z",
                     *           "tipo": "VENTA",
                     *           "referencia": 1,
                     *           "id_transaccion": "019b8e07-4600-7d77-9d5c-2f4f3f9e1a03",
                     *           "operadora": "Tigo",
                     *           "entrada": "0.00",
                     *           "salida": "10.50",
                     *           "saldo": "389.50",
                     *           "saldo_reservado": "0.00",
                     *           "disponible": "389.50"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:05:00.020Z",
                     *           "tipo": "RESERVA",
                     *           "referencia": 2,
                     *           "id_transaccion": "019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04",
                     *           "operadora": "Tigo",
                     *           "entrada": "0.00",
                     *           "salida": "0.00",
                     *           "saldo": "389.50",
                     *           "saldo_reservado": "99.00",
                     *           "disponible": "290.50"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:05:01.000Z",
                     *           "tipo": "VENTA",
                     *           "referencia": 2,
                     *           "id_transaccion": "019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04",
                     *           "operadora": "Tigo",
                     *           "entrada": "0.00",
                     *           "salida": "99.00",
                     *           "saldo": "290.50",
                     *           "saldo_reservado": "0.00",
                     *           "disponible": "290.50"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:20:00.020Z",
                     *           "tipo": "RESERVA",
                     *           "referencia": 3,
                     *           "id_transaccion": "019b8e19-9580-7f29-8c3b-7a9e1d5b6a06",
                     *           "operadora": "Tigo",
                     *           "entrada": "0.00",
                     *           "salida": "0.00",
                     *           "saldo": "290.50",
                     *           "saldo_reservado": "20.00",
                     *           "disponible": "270.50"
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T13:30:00.400Z",
                     *           "tipo": "VENTA",
                     *           "referencia": 3,
                     *           "id_transaccion": "019b8e19-9580-7f29-8c3b-7a9e1d5b6a06",
                     *           "operadora": "Tigo",
                     *           "entrada": "0.00",
                     *           "salida": "20.00",
                     *           "saldo": "270.50",
                     *           "saldo_reservado": "0.00",
                     *           "disponible": "270.50"
                     *         }
                     *       ],
                     *       "cursor_siguiente": null
                     *     }
                     */
                    "application/json": components["schemas"]["ExtractoDeOperadora"] | components["schemas"]["SaldoEnInstante"];
                    /**
                     * @example fecha,tipo,referencia,id_transaccion,operadora,entrada,salida,saldo,saldo_reservado,disponible,fecha_local
                     *     2026-01-05T11:15:00.000Z,INYECCION,1,019b8dde-1320-7b52-8f0e-1c7a4e6b2a02,Tigo,400.00,0.00,400.00,0.00,400.00,2026-01-05 07:15:00
                     *     2026-01-05T12:00:00.020Z,RESERVA,1,019b8e07-4600-7d77-9d5c-2f4f3f9e1a03,Tigo,0.00,0.00,400.00,10.50,389.50,2026-01-05 08:00:00
                     *     2026-01-05T12:00:01.000Z,VENTA,1,019b8e07-4600-7d77-9d5c-2f4f3f9e1a03,Tigo,0.00,10.50,389.50,0.00,389.50,2026-01-05 08:00:01
                     *     2026-01-05T12:05:00.020Z,RESERVA,2,019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04,Tigo,0.00,0.00,389.50,99.00,290.50,2026-01-05 08:05:00
                     *     2026-01-05T12:05:01.000Z,VENTA,2,019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04,Tigo,0.00,99.00,290.50,0.00,290.50,2026-01-05 08:05:01
                     *     2026-01-05T12:20:00.020Z,RESERVA,3,019b8e19-9580-7f29-8c3b-7a9e1d5b6a06,Tigo,0.00,0.00,290.50,20.00,270.50,2026-01-05 08:20:00
                     *     2026-01-05T13:30:00.400Z,VENTA,3,019b8e19-9580-7f29-8c3b-7a9e1d5b6a06,Tigo,0.00,20.00,270.50,0.00,270.50,2026-01-05 09:30:00
                     */
                    "text/csv": string;
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `FORBIDDEN`: Sin permiso. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN";
                    };
                };
            };
            /** @description `OPERATOR_NOT_REGISTERED`: Operadora no registrada. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "OPERATOR_NOT_REGISTERED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    getPaquetes: {
        parameters: {
            query?: {
                operadora?: string;
                page?: number;
                per_page?: number;
                provider_identifier?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of packages */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "paquetes": [
                     *         {
                     *           "operadora": "Tigo",
                     *           "proveedor": "3",
                     *           "codigo": "024",
                     *           "nombre": "200 minutos",
                     *           "descripcion": "200 min, 20 días",
                     *           "precio": 99,
                     *           "vigencia": "20 DÍAS",
                     *           "categoria": "HABLAR",
                     *           "sku": "50015"
                     *         }
                     *       ],
                     *       "pagina": 1,
                     *       "por_pagina": 200,
                     *       "total": 1,
                     *       "edad_segundos": 12,
                     *       "desactualizado": false
                     *     }
                     */
                    "application/json": components["schemas"]["PaginaDePaquetes"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `OPERATOR_UNKNOWN`: Operadora desconocida.
             *
             *     `OPERATOR_WITHOUT_BUNDLES`: Operadora sin paquetes.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "OPERATOR_UNKNOWN" | "OPERATOR_WITHOUT_BUNDLES" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `MERCHANT_NOT_CONFIGURED`: Comercio no configurado. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "MERCHANT_NOT_CONFIGURED";
                    };
                };
            };
            /** @description `BUNDLE_PROVIDER_UNKNOWN`: Proveedor de paquetes desconocido. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BUNDLE_PROVIDER_UNKNOWN";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `CARRIER_UNAVAILABLE`: Operadora no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CARRIER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    postPaquetesCompra: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the operation: the same key with the same body never takes place twice, and gets the same answer. One key for each press of the button, kept for its repeats. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description RFC 7240, `wait=N`: seconds to wait for the outcome, at most 25. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description `true` after DUPLICATE_SUSPECTED: it is another sale indeed. It is audited. */
                "X-Confirmar-Duplicado"?: components["parameters"]["X-Confirmar-Duplicado"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description text: "024" is not 24
                     * @example 002
                     */
                    codigo_paquete: string;
                    /** @example 1 */
                    id_caja_sesion: number;
                    /**
                     * @description the price the cashier saw
                     * @example 20
                     */
                    monto?: number;
                    /**
                     * @description fits the operator’s `patron_numero` once spaces, dashes and the shop’s country code after + or 00 are left out
                     * @example 78945612
                     */
                    numero_cliente: string;
                    /**
                     * @description a `nombre` of GET /operadoras
                     * @example Tigo
                     */
                    operadora: string;
                };
            };
        };
        responses: {
            /** @description sold */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": "AUTORIZADA",
                     *       "id_user_create": 2,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T12:05:00.000Z",
                     *       "updated_at": "2026-01-05T12:05:01.000Z",
                     *       "id": 2,
                     *       "id_transaccion": "019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04",
                     *       "operadora": "Tigo",
                     *       "paquete": {
                     *         "proveedor": "3",
                     *         "codigo": "024",
                     *         "nombre": "200 minutos"
                     *       },
                     *       "numero_cliente": "71234567",
                     *       "fecha_hora": "2026-01-05T12:05:00.000Z",
                     *       "id_caja_sesion": 1,
                     *       "monto": 99,
                     *       "codigo": null
                     *     }
                     */
                    "application/json": components["schemas"]["RecargaCliente"];
                };
            };
            /** @description not decided yet: the sale is held; ask `Location`, do not sell again */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": "PENDIENTE",
                     *       "id_user_create": 2,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T12:05:00.000Z",
                     *       "updated_at": "2026-01-05T12:05:00.020Z",
                     *       "id": 2,
                     *       "id_transaccion": "019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04",
                     *       "operadora": "Tigo",
                     *       "paquete": {
                     *         "proveedor": "3",
                     *         "codigo": "024",
                     *         "nombre": "200 minutos"
                     *       },
                     *       "numero_cliente": "71234567",
                     *       "fecha_hora": "2026-01-05T12:05:00.000Z",
                     *       "id_caja_sesion": 1,
                     *       "monto": 99,
                     *       "codigo": null
                     *     }
                     */
                    "application/json": components["schemas"]["RecargaCliente"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `JSON_BROKEN`: JSON incorrecto.
             *
             *     `BODY_TOO_COMPLEX`: Cuerpo demasiado complejo.
             *
             *     `FIELD_MISSING`: Falta un dato.
             *
             *     `FIELD_INVALID`: Dato incorrecto.
             *
             *     `FIELD_REPEATED`: Dato repetido.
             *
             *     `FIELD_UNKNOWN`: Dato desconocido.
             *
             *     `IDEMPOTENCY_KEY_INVALID`: Clave de la operación incorrecta.
             *
             *     `HEADER_INVALID`: Encabezado incorrecto.
             *
             *     `AMOUNT_ZERO`: Monto cero.
             *
             *     `OPERATOR_UNKNOWN`: Operadora desconocida.
             *
             *     `SESSION_NOT_OPEN`: Sesión no abierta.
             *
             *     `INSUFFICIENT_FLOAT`: Saldo insuficiente.
             *
             *     `AMOUNT_NEGATIVE`: Monto negativo.
             *
             *     `AMOUNT_TOO_PRECISE`: Monto con demasiados decimales.
             *
             *     `AMOUNT_TOO_LARGE`: Monto demasiado grande.
             *
             *     `OPERATOR_WITHOUT_BUNDLES`: Operadora sin paquetes.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_NEGATIVE" | "AMOUNT_TOO_LARGE" | "AMOUNT_TOO_PRECISE" | "AMOUNT_ZERO" | "BAD_REQUEST" | "BODY_TOO_COMPLEX" | "FIELD_INVALID" | "FIELD_MISSING" | "FIELD_REPEATED" | "FIELD_UNKNOWN" | "HEADER_INVALID" | "IDEMPOTENCY_KEY_INVALID" | "INSUFFICIENT_FLOAT" | "JSON_BROKEN" | "OPERATOR_UNKNOWN" | "OPERATOR_WITHOUT_BUNDLES" | "QUERY_INVALID" | "SESSION_NOT_OPEN" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `FORBIDDEN`: Sin permiso.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             *
             *     `SESSION_OF_ANOTHER`: Sesión ajena.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN" | "MERCHANT_NOT_CONFIGURED" | "SESSION_OF_ANOTHER";
                    };
                };
            };
            /**
             * @description `OPERATOR_NOT_REGISTERED`: Operadora no registrada.
             *
             *     `BUNDLE_UNKNOWN`: Paquete desconocido.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BUNDLE_UNKNOWN" | "OPERATOR_NOT_REGISTERED";
                    };
                };
            };
            /**
             * @description `CURRENCY_MISMATCH`: Moneda distinta.
             *
             *     `DUPLICATE_SUSPECTED`: Posible operación repetida.
             *
             *     `BUNDLE_NOT_OFFERED`: Paquetes no ofrecidos.
             *
             *     `BUNDLE_PRICE_CHANGED`: Precio del paquete cambiado.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BUNDLE_NOT_OFFERED" | "BUNDLE_PRICE_CHANGED" | "CURRENCY_MISMATCH" | "DUPLICATE_SUSPECTED";
                    };
                };
            };
            /** @description `BODY_TOO_LARGE`: Cuerpo demasiado grande. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BODY_TOO_LARGE";
                    };
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Tipo de contenido no admitido. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "UNSUPPORTED_MEDIA_TYPE";
                    };
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: Clave de la operación reutilizada.
             *
             *     `NUMBER_NOT_OF_OPERATOR`: Número no válido para la operadora.
             *
             *     `LIMIT_REACHED`: Límite diario alcanzado.
             *
             *     `CARRIER_REJECTED`: Venta rechazada.
             *
             *     `CARRIER_INVALID`: Datos rechazados por la operadora.
             *
             *     `RESOLVED_AS_REJECTED`: Venta resuelta como rechazada.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CARRIER_INVALID" | "CARRIER_REJECTED" | "IDEMPOTENCY_KEY_REUSED" | "LIMIT_REACHED" | "NUMBER_NOT_OF_OPERATOR" | "RESOLVED_AS_REJECTED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `OUTCOME_UNKNOWN`: Resultado desconocido.
             *
             *     `SELLING_PAUSED`: Ventas en pausa.
             *
             *     `CARRIER_UNAVAILABLE`: Operadora no disponible.
             *
             *     `CARRIER_MISCONFIGURED`: Proveedor mal configurado.
             *
             *     `BUNDLE_PRICE_UNCONFIRMED`: Precio del paquete sin confirmar.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BUNDLE_PRICE_UNCONFIRMED" | "CARRIER_MISCONFIGURED" | "CARRIER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY" | "OUTCOME_UNKNOWN" | "SELLING_PAUSED";
                    };
                };
            };
        };
    };
    getPaquetesCompraById: {
        parameters: {
            query?: {
                /** @description seconds; more than 25 count as 25 */
                wait?: number;
            };
            header?: never;
            path: {
                id: number | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the sale as it stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": "AUTORIZADA",
                     *       "id_user_create": 2,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T12:05:00.000Z",
                     *       "updated_at": "2026-01-05T12:05:01.000Z",
                     *       "id": 2,
                     *       "id_transaccion": "019b8e0b-d9e0-7a63-b1f4-6d2c8a7e3a04",
                     *       "operadora": "Tigo",
                     *       "paquete": {
                     *         "proveedor": "3",
                     *         "codigo": "024",
                     *         "nombre": "200 minutos"
                     *       },
                     *       "numero_cliente": "71234567",
                     *       "fecha_hora": "2026-01-05T12:05:00.000Z",
                     *       "id_caja_sesion": 1,
                     *       "monto": 99,
                     *       "codigo": null,
                     *       "intentos": [
                     *         {
                     *           "intento": 1,
                     *           "inicio": "2026-01-05T12:05:00.060Z",
                     *           "fin": "2026-01-05T12:05:00.940Z",
                     *           "fila": 1,
                     *           "observado": "200 authorized",
                     *           "http": 200,
                     *           "estado_operador": "authorized",
                     *           "codigo_resultado": null
                     *         }
                     *       ],
                     *       "decision": null,
                     *       "historia": [
                     *         {
                     *           "fecha": "2026-01-05T12:05:00.000Z",
                     *           "paso": "SOLICITADA",
                     *           "usuario": 2
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:05:00.020Z",
                     *           "paso": "RESERVADA",
                     *           "usuario": null
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:05:00.940Z",
                     *           "paso": "INTENTO",
                     *           "usuario": null,
                     *           "intento": {
                     *             "intento": 1,
                     *             "inicio": "2026-01-05T12:05:00.060Z",
                     *             "fin": "2026-01-05T12:05:00.940Z",
                     *             "fila": 1,
                     *             "observado": "200 authorized",
                     *             "http": 200,
                     *             "estado_operador": "authorized",
                     *             "codigo_resultado": null
                     *           }
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:05:01.000Z",
                     *           "paso": "AUTORIZADA",
                     *           "usuario": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RecargaCliente"] | components["schemas"]["RecargaClienteAuditada"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `SESSION_NOT_OPEN`: Sesión no abierta.
             *
             *     `INSUFFICIENT_FLOAT`: Saldo insuficiente.
             *
             *     `OPERATOR_UNKNOWN`: Operadora desconocida.
             *
             *     `AMOUNT_BELOW_MINIMUM`: Monto menor al mínimo.
             *
             *     `OPERATOR_WITHOUT_BUNDLES`: Operadora sin paquetes.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_BELOW_MINIMUM" | "BAD_REQUEST" | "INSUFFICIENT_FLOAT" | "OPERATOR_UNKNOWN" | "OPERATOR_WITHOUT_BUNDLES" | "QUERY_INVALID" | "SESSION_NOT_OPEN" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `SESSION_OF_ANOTHER`: Sesión ajena.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "MERCHANT_NOT_CONFIGURED" | "SESSION_OF_ANOTHER";
                    };
                };
            };
            /**
             * @description `BUNDLE_SALE_NOT_FOUND`: Compra de paquete no encontrada.
             *
             *     `OPERATOR_NOT_REGISTERED`: Operadora no registrada.
             *
             *     `BUNDLE_UNKNOWN`: Paquete desconocido.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BUNDLE_SALE_NOT_FOUND" | "BUNDLE_UNKNOWN" | "OPERATOR_NOT_REGISTERED";
                    };
                };
            };
            /**
             * @description `CURRENCY_MISMATCH`: Moneda distinta.
             *
             *     `DUPLICATE_SUSPECTED`: Posible operación repetida.
             *
             *     `OPERATOR_NOT_OFFERED`: Operadora no ofrecida.
             *
             *     `BUNDLE_NOT_OFFERED`: Paquetes no ofrecidos.
             *
             *     `BUNDLE_PRICE_CHANGED`: Precio del paquete cambiado.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BUNDLE_NOT_OFFERED" | "BUNDLE_PRICE_CHANGED" | "CURRENCY_MISMATCH" | "DUPLICATE_SUSPECTED" | "OPERATOR_NOT_OFFERED";
                    };
                };
            };
            /**
             * @description `LIMIT_REACHED`: Límite diario alcanzado.
             *
             *     `AMOUNT_ABOVE_MAXIMUM`: Monto mayor al máximo.
             *
             *     `AMOUNT_OFF_STEP`: Monto fuera de paso.
             *
             *     `NUMBER_NOT_OF_OPERATOR`: Número no válido para la operadora.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_ABOVE_MAXIMUM" | "AMOUNT_OFF_STEP" | "LIMIT_REACHED" | "NUMBER_NOT_OF_OPERATOR";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             *
             *     `CARRIER_UNAVAILABLE`: Operadora no disponible.
             *
             *     `BUNDLE_PRICE_UNCONFIRMED`: Precio del paquete sin confirmar.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BUNDLE_PRICE_UNCONFIRMED" | "CARRIER_UNAVAILABLE" | "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    getPaquetesProveedores: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the providers whose packages this shop sells */
            200: {
                headers: {
                    Age: components["headers"]["Age"];
                    "X-Desactualizado": components["headers"]["X-Desactualizado"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "proveedor": "3",
                     *         "nombre": "Tigo",
                     *         "operadora": "Tigo",
                     *         "logo": null,
                     *         "habilitado": true,
                     *         "disponible": true,
                     *         "motivo": null
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["ProveedorDePaquetes"][];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `MERCHANT_NOT_CONFIGURED`: Comercio no configurado. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "MERCHANT_NOT_CONFIGURED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `CARRIER_UNAVAILABLE`: Operadora no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CARRIER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    getReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it can */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ready": true,
                     *       "parts": [
                     *         {
                     *           "name": "ledger",
                     *           "ready": true,
                     *           "reason": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": unknown;
                };
            };
            /** @description it cannot, and why */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ready": false,
                     *       "parts": [
                     *         {
                     *           "name": "ledger",
                     *           "ready": false,
                     *           "reason": "database: no primary"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": unknown;
                };
            };
        };
    };
    postRecargasCliente: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the operation: the same key with the same body never takes place twice, and gets the same answer. One key for each press of the button, kept for its repeats. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description RFC 7240, `wait=N`: seconds to wait for the outcome, at most 25. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description `true` after DUPLICATE_SUSPECTED: it is another sale indeed. It is audited. */
                "X-Confirmar-Duplicado"?: components["parameters"]["X-Confirmar-Duplicado"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @example 1 */
                    id_caja_sesion: number;
                    /** @example 20 */
                    monto: number;
                    /**
                     * @description fits the operator’s `patron_numero` once spaces, dashes and the shop’s country code after + or 00 are left out
                     * @example 78945612
                     */
                    numero_cliente: string;
                    /**
                     * @description a `nombre` of GET /operadoras
                     * @example Tigo
                     */
                    operadora: string;
                };
            };
        };
        responses: {
            /** @description sold */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": "AUTORIZADA",
                     *       "id_user_create": 2,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T12:00:00.000Z",
                     *       "updated_at": "2026-01-05T12:00:01.000Z",
                     *       "id": 1,
                     *       "id_transaccion": "019b8e07-4600-7d77-9d5c-2f4f3f9e1a03",
                     *       "operadora": "Tigo",
                     *       "paquete": null,
                     *       "numero_cliente": "78945612",
                     *       "fecha_hora": "2026-01-05T12:00:00.000Z",
                     *       "id_caja_sesion": 1,
                     *       "monto": 10.5,
                     *       "codigo": null
                     *     }
                     */
                    "application/json": components["schemas"]["RecargaCliente"];
                };
            };
            /** @description not decided yet: the sale is held; ask `Location`, do not sell again */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": "PENDIENTE",
                     *       "id_user_create": 2,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T12:20:00.000Z",
                     *       "updated_at": "2026-01-05T12:20:00.020Z",
                     *       "id": 3,
                     *       "id_transaccion": "019b8e19-9580-7f29-8c3b-7a9e1d5b6a06",
                     *       "operadora": "Tigo",
                     *       "paquete": null,
                     *       "numero_cliente": "76543210",
                     *       "fecha_hora": "2026-01-05T12:20:00.000Z",
                     *       "id_caja_sesion": 1,
                     *       "monto": 20,
                     *       "codigo": null
                     *     }
                     */
                    "application/json": components["schemas"]["RecargaCliente"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `JSON_BROKEN`: JSON incorrecto.
             *
             *     `BODY_TOO_COMPLEX`: Cuerpo demasiado complejo.
             *
             *     `FIELD_MISSING`: Falta un dato.
             *
             *     `FIELD_INVALID`: Dato incorrecto.
             *
             *     `FIELD_REPEATED`: Dato repetido.
             *
             *     `FIELD_UNKNOWN`: Dato desconocido.
             *
             *     `IDEMPOTENCY_KEY_INVALID`: Clave de la operación incorrecta.
             *
             *     `HEADER_INVALID`: Encabezado incorrecto.
             *
             *     `AMOUNT_ZERO`: Monto cero.
             *
             *     `OPERATOR_UNKNOWN`: Operadora desconocida.
             *
             *     `SESSION_NOT_OPEN`: Sesión no abierta.
             *
             *     `INSUFFICIENT_FLOAT`: Saldo insuficiente.
             *
             *     `AMOUNT_NEGATIVE`: Monto negativo.
             *
             *     `AMOUNT_TOO_PRECISE`: Monto con demasiados decimales.
             *
             *     `AMOUNT_TOO_LARGE`: Monto demasiado grande.
             *
             *     `AMOUNT_BELOW_MINIMUM`: Monto menor al mínimo.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_BELOW_MINIMUM" | "AMOUNT_NEGATIVE" | "AMOUNT_TOO_LARGE" | "AMOUNT_TOO_PRECISE" | "AMOUNT_ZERO" | "BAD_REQUEST" | "BODY_TOO_COMPLEX" | "FIELD_INVALID" | "FIELD_MISSING" | "FIELD_REPEATED" | "FIELD_UNKNOWN" | "HEADER_INVALID" | "IDEMPOTENCY_KEY_INVALID" | "INSUFFICIENT_FLOAT" | "JSON_BROKEN" | "OPERATOR_UNKNOWN" | "QUERY_INVALID" | "SESSION_NOT_OPEN" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `FORBIDDEN`: Sin permiso.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             *
             *     `SESSION_OF_ANOTHER`: Sesión ajena.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN" | "MERCHANT_NOT_CONFIGURED" | "SESSION_OF_ANOTHER";
                    };
                };
            };
            /** @description `OPERATOR_NOT_REGISTERED`: Operadora no registrada. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "OPERATOR_NOT_REGISTERED";
                    };
                };
            };
            /**
             * @description `CURRENCY_MISMATCH`: Moneda distinta.
             *
             *     `DUPLICATE_SUSPECTED`: Posible operación repetida.
             *
             *     `OPERATOR_NOT_OFFERED`: Operadora no ofrecida.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CURRENCY_MISMATCH" | "DUPLICATE_SUSPECTED" | "OPERATOR_NOT_OFFERED";
                    };
                };
            };
            /** @description `BODY_TOO_LARGE`: Cuerpo demasiado grande. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BODY_TOO_LARGE";
                    };
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Tipo de contenido no admitido. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "UNSUPPORTED_MEDIA_TYPE";
                    };
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: Clave de la operación reutilizada.
             *
             *     `NUMBER_NOT_OF_OPERATOR`: Número no válido para la operadora.
             *
             *     `LIMIT_REACHED`: Límite diario alcanzado.
             *
             *     `CARRIER_REJECTED`: Venta rechazada.
             *
             *     `CARRIER_INVALID`: Datos rechazados por la operadora.
             *
             *     `RESOLVED_AS_REJECTED`: Venta resuelta como rechazada.
             *
             *     `AMOUNT_ABOVE_MAXIMUM`: Monto mayor al máximo.
             *
             *     `AMOUNT_OFF_STEP`: Monto fuera de paso.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_ABOVE_MAXIMUM" | "AMOUNT_OFF_STEP" | "CARRIER_INVALID" | "CARRIER_REJECTED" | "IDEMPOTENCY_KEY_REUSED" | "LIMIT_REACHED" | "NUMBER_NOT_OF_OPERATOR" | "RESOLVED_AS_REJECTED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `OUTCOME_UNKNOWN`: Resultado desconocido.
             *
             *     `SELLING_PAUSED`: Ventas en pausa.
             *
             *     `CARRIER_UNAVAILABLE`: Operadora no disponible.
             *
             *     `CARRIER_MISCONFIGURED`: Proveedor mal configurado.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CARRIER_MISCONFIGURED" | "CARRIER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY" | "OUTCOME_UNKNOWN" | "SELLING_PAUSED";
                    };
                };
            };
        };
    };
    getRecargasClienteById: {
        parameters: {
            query?: {
                /** @description seconds; more than 25 count as 25 */
                wait?: number;
            };
            header?: never;
            path: {
                id: number | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the sale as it stands */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": "AUTORIZADA",
                     *       "id_user_create": 2,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T12:00:00.000Z",
                     *       "updated_at": "2026-01-05T12:00:01.000Z",
                     *       "id": 1,
                     *       "id_transaccion": "019b8e07-4600-7d77-9d5c-2f4f3f9e1a03",
                     *       "operadora": "Tigo",
                     *       "paquete": null,
                     *       "numero_cliente": "78945612",
                     *       "fecha_hora": "2026-01-05T12:00:00.000Z",
                     *       "id_caja_sesion": 1,
                     *       "monto": 10.5,
                     *       "codigo": null
                     *     }
                     */
                    "application/json": components["schemas"]["RecargaCliente"] | components["schemas"]["RecargaClienteAuditada"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `SESSION_NOT_OPEN`: Sesión no abierta.
             *
             *     `INSUFFICIENT_FLOAT`: Saldo insuficiente.
             *
             *     `OPERATOR_UNKNOWN`: Operadora desconocida.
             *
             *     `AMOUNT_BELOW_MINIMUM`: Monto menor al mínimo.
             *
             *     `OPERATOR_WITHOUT_BUNDLES`: Operadora sin paquetes.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_BELOW_MINIMUM" | "BAD_REQUEST" | "INSUFFICIENT_FLOAT" | "OPERATOR_UNKNOWN" | "OPERATOR_WITHOUT_BUNDLES" | "QUERY_INVALID" | "SESSION_NOT_OPEN" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `SESSION_OF_ANOTHER`: Sesión ajena.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "MERCHANT_NOT_CONFIGURED" | "SESSION_OF_ANOTHER";
                    };
                };
            };
            /**
             * @description `TOPUP_NOT_FOUND`: Recarga no encontrada.
             *
             *     `OPERATOR_NOT_REGISTERED`: Operadora no registrada.
             *
             *     `BUNDLE_UNKNOWN`: Paquete desconocido.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BUNDLE_UNKNOWN" | "OPERATOR_NOT_REGISTERED" | "TOPUP_NOT_FOUND";
                    };
                };
            };
            /**
             * @description `CURRENCY_MISMATCH`: Moneda distinta.
             *
             *     `DUPLICATE_SUSPECTED`: Posible operación repetida.
             *
             *     `OPERATOR_NOT_OFFERED`: Operadora no ofrecida.
             *
             *     `BUNDLE_NOT_OFFERED`: Paquetes no ofrecidos.
             *
             *     `BUNDLE_PRICE_CHANGED`: Precio del paquete cambiado.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BUNDLE_NOT_OFFERED" | "BUNDLE_PRICE_CHANGED" | "CURRENCY_MISMATCH" | "DUPLICATE_SUSPECTED" | "OPERATOR_NOT_OFFERED";
                    };
                };
            };
            /**
             * @description `LIMIT_REACHED`: Límite diario alcanzado.
             *
             *     `AMOUNT_ABOVE_MAXIMUM`: Monto mayor al máximo.
             *
             *     `AMOUNT_OFF_STEP`: Monto fuera de paso.
             *
             *     `NUMBER_NOT_OF_OPERATOR`: Número no válido para la operadora.
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_ABOVE_MAXIMUM" | "AMOUNT_OFF_STEP" | "LIMIT_REACHED" | "NUMBER_NOT_OF_OPERATOR";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             *
             *     `CARRIER_UNAVAILABLE`: Operadora no disponible.
             *
             *     `BUNDLE_PRICE_UNCONFIRMED`: Precio del paquete sin confirmar.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BUNDLE_PRICE_UNCONFIRMED" | "CARRIER_UNAVAILABLE" | "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    postRecargasClienteByIdResolver: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the operation: the same key with the same body never takes place twice, and gets the same answer. One key for each press of the button, kept for its repeats. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description RFC 7240, `wait=N`: seconds to wait for the outcome, at most 25. */
                Prefer?: components["parameters"]["Prefer"];
            };
            path: {
                id: number | string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @example ticket 4711 */
                    evidencia: string;
                    /** @example confirmado por teléfono */
                    nota: string;
                    /** @enum {string} */
                    resultado: "AUTORIZADA" | "RECHAZADA";
                };
            };
        };
        responses: {
            /** @description settled, and how */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": "AUTORIZADA",
                     *       "id_user_create": 2,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T12:20:00.000Z",
                     *       "updated_at": "2026-01-05T13:30:00.400Z",
                     *       "id": 3,
                     *       "id_transaccion": "019b8e19-9580-7f29-8c3b-7a9e1d5b6a06",
                     *       "operadora": "Tigo",
                     *       "paquete": null,
                     *       "numero_cliente": "76543210",
                     *       "fecha_hora": "2026-01-05T12:20:00.000Z",
                     *       "id_caja_sesion": 1,
                     *       "monto": 20,
                     *       "codigo": null,
                     *       "intentos": [
                     *         {
                     *           "intento": 1,
                     *           "inicio": "2026-01-05T12:20:00.100Z",
                     *           "fin": "2026-01-05T12:20:08.100Z",
                     *           "fila": 9,
                     *           "observado": "time-out after 8000 ms",
                     *           "http": null,
                     *           "estado_operador": null,
                     *           "codigo_resultado": null
                     *         },
                     *         {
                     *           "intento": 2,
                     *           "inicio": "2026-01-05T12:20:10.100Z",
                     *           "fin": "2026-01-05T12:20:18.100Z",
                     *           "fila": 9,
                     *           "observado": "time-out after 8000 ms",
                     *           "http": null,
                     *           "estado_operador": null,
                     *           "codigo_resultado": null
                     *         },
                     *         {
                     *           "intento": 3,
                     *           "inicio": "2026-01-05T12:20:30.100Z",
                     *           "fin": "2026-01-05T12:20:38.100Z",
                     *           "fila": 9,
                     *           "observado": "time-out after 8000 ms",
                     *           "http": null,
                     *           "estado_operador": null,
                     *           "codigo_resultado": null
                     *         },
                     *         {
                     *           "intento": 4,
                     *           "inicio": "2026-01-05T12:21:00.100Z",
                     *           "fin": "2026-01-05T12:21:08.100Z",
                     *           "fila": 9,
                     *           "observado": "time-out after 8000 ms",
                     *           "http": null,
                     *           "estado_operador": null,
                     *           "codigo_resultado": null
                     *         },
                     *         {
                     *           "intento": 5,
                     *           "inicio": "2026-01-05T12:22:00.100Z",
                     *           "fin": "2026-01-05T12:22:08.100Z",
                     *           "fila": 9,
                     *           "observado": "time-out after 8000 ms",
                     *           "http": null,
                     *           "estado_operador": null,
                     *           "codigo_resultado": null
                     *         }
                     *       ],
                     *       "decision": {
                     *         "resultado": "AUTORIZADA",
                     *         "evidencia": "ticket 4711",
                     *         "nota": "confirmado por teléfono",
                     *         "usuario": 1,
                     *         "fecha": "2026-01-05T13:00:00.000Z",
                     *         "confirmado_por": 9,
                     *         "definitiva": true
                     *       },
                     *       "historia": [
                     *         {
                     *           "fecha": "2026-01-05T12:20:00.000Z",
                     *           "paso": "SOLICITADA",
                     *           "usuario": 2
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:20:00.020Z",
                     *           "paso": "RESERVADA",
                     *           "usuario": null
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:20:08.100Z",
                     *           "paso": "INTENTO",
                     *           "usuario": null,
                     *           "intento": {
                     *             "intento": 1,
                     *             "inicio": "2026-01-05T12:20:00.100Z",
                     *             "fin": "2026-01-05T12:20:08.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           }
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:20:18.100Z",
                     *           "paso": "INTENTO",
                     *           "usuario": null,
                     *           "intento": {
                     *             "intento": 2,
                     *             "inicio": "2026-01-05T12:20:10.100Z",
                     *             "fin": "2026-01-05T12:20:18.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           }
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:20:38.100Z",
                     *           "paso": "INTENTO",
                     *           "usuario": null,
                     *           "intento": {
                     *             "intento": 3,
                     *             "inicio": "2026-01-05T12:20:30.100Z",
                     *             "fin": "2026-01-05T12:20:38.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           }
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:21:08.100Z",
                     *           "paso": "INTENTO",
                     *           "usuario": null,
                     *           "intento": {
                     *             "intento": 4,
                     *             "inicio": "2026-01-05T12:21:00.100Z",
                     *             "fin": "2026-01-05T12:21:08.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           }
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:22:08.100Z",
                     *           "paso": "INTENTO",
                     *           "usuario": null,
                     *           "intento": {
                     *             "intento": 5,
                     *             "inicio": "2026-01-05T12:22:00.100Z",
                     *             "fin": "2026-01-05T12:22:08.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           }
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:22:08.200Z",
                     *           "paso": "EN_REVISION",
                     *           "usuario": null
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T13:00:00.000Z",
                     *           "paso": "DECIDIDA",
                     *           "usuario": 1
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T13:30:00.000Z",
                     *           "paso": "DECIDIDA",
                     *           "usuario": 9
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T13:30:00.400Z",
                     *           "paso": "AUTORIZADA",
                     *           "usuario": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["RecargaClienteAuditada"];
                };
            };
            /** @description the decision is kept; the sale is not settled yet */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": "EN_REVISION",
                     *       "id_user_create": 2,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T12:20:00.000Z",
                     *       "updated_at": "2026-01-05T13:00:00.000Z",
                     *       "id": 3,
                     *       "id_transaccion": "019b8e19-9580-7f29-8c3b-7a9e1d5b6a06",
                     *       "operadora": "Tigo",
                     *       "paquete": null,
                     *       "numero_cliente": "76543210",
                     *       "fecha_hora": "2026-01-05T12:20:00.000Z",
                     *       "id_caja_sesion": 1,
                     *       "monto": 20,
                     *       "codigo": null,
                     *       "intentos": [
                     *         {
                     *           "intento": 1,
                     *           "inicio": "2026-01-05T12:20:00.100Z",
                     *           "fin": "2026-01-05T12:20:08.100Z",
                     *           "fila": 9,
                     *           "observado": "time-out after 8000 ms",
                     *           "http": null,
                     *           "estado_operador": null,
                     *           "codigo_resultado": null
                     *         },
                     *         {
                     *           "intento": 2,
                     *           "inicio": "2026-01-05T12:20:10.100Z",
                     *           "fin": "2026-01-05T12:20:18.100Z",
                     *           "fila": 9,
                     *           "observado": "time-out after 8000 ms",
                     *           "http": null,
                     *           "estado_operador": null,
                     *           "codigo_resultado": null
                     *         },
                     *         {
                     *           "intento": 3,
                     *           "inicio": "2026-01-05T12:20:30.100Z",
                     *           "fin": "2026-01-05T12:20:38.100Z",
                     *           "fila": 9,
                     *           "observado": "time-out after 8000 ms",
                     *           "http": null,
                     *           "estado_operador": null,
                     *           "codigo_resultado": null
                     *         },
                     *         {
                     *           "intento": 4,
                     *           "inicio": "2026-01-05T12:21:00.100Z",
                     *           "fin": "2026-01-05T12:21:08.100Z",
                     *           "fila": 9,
                     *           "observado": "time-out after 8000 ms",
                     *           "http": null,
                     *           "estado_operador": null,
                     *           "codigo_resultado": null
                     *         },
                     *         {
                     *           "intento": 5,
                     *           "inicio": "2026-01-05T12:22:00.100Z",
                     *           "fin": "2026-01-05T12:22:08.100Z",
                     *           "fila": 9,
                     *           "observado": "time-out after 8000 ms",
                     *           "http": null,
                     *           "estado_operador": null,
                     *           "codigo_resultado": null
                     *         }
                     *       ],
                     *       "decision": {
                     *         "resultado": "AUTORIZADA",
                     *         "evidencia": "ticket 4711",
                     *         "nota": "confirmado por teléfono",
                     *         "usuario": 1,
                     *         "fecha": "2026-01-05T13:00:00.000Z",
                     *         "confirmado_por": null,
                     *         "definitiva": false
                     *       },
                     *       "historia": [
                     *         {
                     *           "fecha": "2026-01-05T12:20:00.000Z",
                     *           "paso": "SOLICITADA",
                     *           "usuario": 2
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:20:00.020Z",
                     *           "paso": "RESERVADA",
                     *           "usuario": null
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:20:08.100Z",
                     *           "paso": "INTENTO",
                     *           "usuario": null,
                     *           "intento": {
                     *             "intento": 1,
                     *             "inicio": "2026-01-05T12:20:00.100Z",
                     *             "fin": "2026-01-05T12:20:08.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           }
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:20:18.100Z",
                     *           "paso": "INTENTO",
                     *           "usuario": null,
                     *           "intento": {
                     *             "intento": 2,
                     *             "inicio": "2026-01-05T12:20:10.100Z",
                     *             "fin": "2026-01-05T12:20:18.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           }
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:20:38.100Z",
                     *           "paso": "INTENTO",
                     *           "usuario": null,
                     *           "intento": {
                     *             "intento": 3,
                     *             "inicio": "2026-01-05T12:20:30.100Z",
                     *             "fin": "2026-01-05T12:20:38.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           }
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:21:08.100Z",
                     *           "paso": "INTENTO",
                     *           "usuario": null,
                     *           "intento": {
                     *             "intento": 4,
                     *             "inicio": "2026-01-05T12:21:00.100Z",
                     *             "fin": "2026-01-05T12:21:08.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           }
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:22:08.100Z",
                     *           "paso": "INTENTO",
                     *           "usuario": null,
                     *           "intento": {
                     *             "intento": 5,
                     *             "inicio": "2026-01-05T12:22:00.100Z",
                     *             "fin": "2026-01-05T12:22:08.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           }
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T12:22:08.200Z",
                     *           "paso": "EN_REVISION",
                     *           "usuario": null
                     *         },
                     *         {
                     *           "fecha": "2026-01-05T13:00:00.000Z",
                     *           "paso": "DECIDIDA",
                     *           "usuario": 1
                     *         }
                     *       ],
                     *       "message": "La decisión quedó registrada; falta que otro administrador decida lo mismo."
                     *     }
                     */
                    "application/json": components["schemas"]["DecisionRegistrada"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `JSON_BROKEN`: JSON incorrecto.
             *
             *     `BODY_TOO_COMPLEX`: Cuerpo demasiado complejo.
             *
             *     `FIELD_MISSING`: Falta un dato.
             *
             *     `FIELD_INVALID`: Dato incorrecto.
             *
             *     `FIELD_REPEATED`: Dato repetido.
             *
             *     `FIELD_UNKNOWN`: Dato desconocido.
             *
             *     `IDEMPOTENCY_KEY_INVALID`: Clave de la operación incorrecta.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "BODY_TOO_COMPLEX" | "FIELD_INVALID" | "FIELD_MISSING" | "FIELD_REPEATED" | "FIELD_UNKNOWN" | "IDEMPOTENCY_KEY_INVALID" | "JSON_BROKEN" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `FORBIDDEN`: Sin permiso.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             *
             *     `DECISION_NEEDS_ANOTHER_PERSON`: Falta otra persona.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "DECISION_NEEDS_ANOTHER_PERSON" | "FORBIDDEN" | "MERCHANT_NOT_CONFIGURED";
                    };
                };
            };
            /**
             * @description `TOPUP_NOT_FOUND`: Recarga no encontrada.
             *
             *     `TOPUP_UNKNOWN`: Recarga desconocida.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOPUP_NOT_FOUND" | "TOPUP_UNKNOWN";
                    };
                };
            };
            /**
             * @description `TOPUP_NOT_IN_REVIEW`: Recarga fuera de revisión.
             *
             *     `DECISION_DIFFERS`: Decisiones distintas.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "DECISION_DIFFERS" | "TOPUP_NOT_IN_REVIEW";
                    };
                };
            };
            /** @description `BODY_TOO_LARGE`: Cuerpo demasiado grande. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BODY_TOO_LARGE";
                    };
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Tipo de contenido no admitido. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "UNSUPPORTED_MEDIA_TYPE";
                    };
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: Clave de la operación reutilizada. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "IDEMPOTENCY_KEY_REUSED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `OUTCOME_UNKNOWN`: Resultado desconocido.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY" | "OUTCOME_UNKNOWN";
                    };
                };
            };
        };
    };
    getRecargasHistorialClientes: {
        parameters: {
            query?: {
                cursor?: number;
                /** @description from this moment on. A date without a time is the beginning of that day at the shop, by its `zona_horaria` */
                desde?: string;
                estado?: "PENDIENTE" | "EN_REVISION" | "AUTORIZADA" | "RECHAZADA";
                /** @description one day at the shop, by its `zona_horaria`; instead of `desde` and `hasta`, never with them */
                fecha?: string;
                /** @description up to this moment, which is not part of the period. A date without a time includes that whole day at the shop, so `desde` and `hasta` with the same date are that day */
                hasta?: string;
                id_caja_sesion?: number;
                limit?: number;
                operadora?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "estado": "AUTORIZADA",
                     *         "id_user_create": 2,
                     *         "id_user_update": null,
                     *         "created_at": "2026-01-05T12:00:00.000Z",
                     *         "updated_at": "2026-01-05T12:00:01.000Z",
                     *         "id": 1,
                     *         "id_transaccion": "019b8e07-4600-7d77-9d5c-2f4f3f9e1a03",
                     *         "operadora": "Tigo",
                     *         "paquete": null,
                     *         "numero_cliente": "78945612",
                     *         "fecha_hora": "2026-01-05T12:00:00.000Z",
                     *         "id_caja_sesion": 1,
                     *         "monto": "10.50",
                     *         "codigo": null,
                     *         "caja_sesion": {
                     *           "estado": true,
                     *           "id_user_create": 2,
                     *           "id_user_update": null,
                     *           "created_at": "2026-01-05T11:00:00.000Z",
                     *           "updated_at": "2026-01-05T12:20:00.020Z",
                     *           "id": 1,
                     *           "monto_inicial": "500.00",
                     *           "monto_final_teorico": null,
                     *           "monto_final_real": null,
                     *           "diferencia": null,
                     *           "estado_sesion": "ABIERTA",
                     *           "fecha_apertura": "2026-01-05T11:00:00.000Z",
                     *           "fecha_cierre": null,
                     *           "id_caja": 1,
                     *           "id_usuario": 2,
                     *           "pendiente": "20.00",
                     *           "pendiente_anteriores": 0,
                     *           "conteo_inicial": null,
                     *           "diferencia_apertura": null
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["RecargaEnHistorial"][];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    getRecargasHistorialInyecciones: {
        parameters: {
            query?: {
                cursor?: number;
                /** @description from this moment on. A date without a time is the beginning of that day at the shop, by its `zona_horaria` */
                desde?: string;
                /** @description one day at the shop, by its `zona_horaria`; instead of `desde` and `hasta`, never with them */
                fecha?: string;
                /** @description up to this moment, which is not part of the period. A date without a time includes that whole day at the shop, so `desde` and `hasta` with the same date are that day */
                hasta?: string;
                id_caja_sesion?: number;
                limit?: number;
                operadora?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "estado": true,
                     *         "id_user_create": 1,
                     *         "id_user_update": null,
                     *         "created_at": "2026-01-05T11:15:00.000Z",
                     *         "updated_at": "2026-01-05T11:15:00.000Z",
                     *         "id": 1,
                     *         "id_transaccion": "019b8dde-1320-7b52-8f0e-1c7a4e6b2a02",
                     *         "operadora_destino": "Tigo",
                     *         "monto": "400.00",
                     *         "fecha_hora": "2026-01-05T11:15:00.000Z",
                     *         "id_caja_origen": 1,
                     *         "caja_origen": {
                     *           "estado": true,
                     *           "id_user_create": 2,
                     *           "id_user_update": null,
                     *           "created_at": "2026-01-05T11:00:00.000Z",
                     *           "updated_at": "2026-01-05T12:20:00.020Z",
                     *           "id": 1,
                     *           "monto_inicial": "500.00",
                     *           "monto_final_teorico": null,
                     *           "monto_final_real": null,
                     *           "diferencia": null,
                     *           "estado_sesion": "ABIERTA",
                     *           "fecha_apertura": "2026-01-05T11:00:00.000Z",
                     *           "fecha_cierre": null,
                     *           "id_caja": 1,
                     *           "id_usuario": 2,
                     *           "pendiente": "20.00",
                     *           "pendiente_anteriores": 0,
                     *           "conteo_inicial": null,
                     *           "diferencia_apertura": null
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["InyeccionEnHistorial"][];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    postRecargasInyeccion: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names the operation: the same key with the same body never takes place twice, and gets the same answer. One key for each press of the button, kept for its repeats. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @example 1 */
                    id_caja_sesion: number;
                    /** @example 20 */
                    monto: number;
                    /**
                     * @description a `nombre` of GET /operadoras
                     * @example Tigo
                     */
                    operadora_destino: string;
                };
            };
        };
        responses: {
            /** @description injected */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "estado": true,
                     *       "id_user_create": 1,
                     *       "id_user_update": null,
                     *       "created_at": "2026-01-05T11:15:00.000Z",
                     *       "updated_at": "2026-01-05T11:15:00.000Z",
                     *       "id": 1,
                     *       "id_transaccion": "019b8dde-1320-7b52-8f0e-1c7a4e6b2a02",
                     *       "operadora_destino": "Tigo",
                     *       "monto": 400,
                     *       "fecha_hora": "2026-01-05T11:15:00.000Z",
                     *       "id_caja_origen": 1
                     *     }
                     */
                    "application/json": components["schemas"]["InyeccionOperadora"];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             *
             *     `JSON_BROKEN`: JSON incorrecto.
             *
             *     `BODY_TOO_COMPLEX`: Cuerpo demasiado complejo.
             *
             *     `FIELD_MISSING`: Falta un dato.
             *
             *     `FIELD_INVALID`: Dato incorrecto.
             *
             *     `FIELD_REPEATED`: Dato repetido.
             *
             *     `FIELD_UNKNOWN`: Dato desconocido.
             *
             *     `IDEMPOTENCY_KEY_INVALID`: Clave de la operación incorrecta.
             *
             *     `AMOUNT_NEGATIVE`: Monto negativo.
             *
             *     `AMOUNT_TOO_PRECISE`: Monto con demasiados decimales.
             *
             *     `AMOUNT_TOO_LARGE`: Monto demasiado grande.
             *
             *     `AMOUNT_ZERO`: Monto cero.
             *
             *     `AMOUNT_BELOW_MINIMUM`: Monto menor al mínimo.
             *
             *     `OPERATOR_UNKNOWN`: Operadora desconocida.
             *
             *     `SESSION_NOT_OPEN`: Sesión no abierta.
             *
             *     `INSUFFICIENT_DRAWER`: Fondos insuficientes en caja.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "AMOUNT_BELOW_MINIMUM" | "AMOUNT_NEGATIVE" | "AMOUNT_TOO_LARGE" | "AMOUNT_TOO_PRECISE" | "AMOUNT_ZERO" | "BAD_REQUEST" | "BODY_TOO_COMPLEX" | "FIELD_INVALID" | "FIELD_MISSING" | "FIELD_REPEATED" | "FIELD_UNKNOWN" | "IDEMPOTENCY_KEY_INVALID" | "INSUFFICIENT_DRAWER" | "JSON_BROKEN" | "OPERATOR_UNKNOWN" | "QUERY_INVALID" | "SESSION_NOT_OPEN" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /**
             * @description `FORBIDDEN`: Sin permiso.
             *
             *     `MERCHANT_NOT_CONFIGURED`: Comercio no configurado.
             *
             *     `SESSION_OF_ANOTHER`: Sesión ajena.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN" | "MERCHANT_NOT_CONFIGURED" | "SESSION_OF_ANOTHER";
                    };
                };
            };
            /**
             * @description `CURRENCY_MISMATCH`: Moneda distinta.
             *
             *     `DUPLICATE_SUSPECTED`: Posible operación repetida.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "CURRENCY_MISMATCH" | "DUPLICATE_SUSPECTED";
                    };
                };
            };
            /** @description `BODY_TOO_LARGE`: Cuerpo demasiado grande. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BODY_TOO_LARGE";
                    };
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: Tipo de contenido no admitido. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "UNSUPPORTED_MEDIA_TYPE";
                    };
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: Clave de la operación reutilizada. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "IDEMPOTENCY_KEY_REUSED";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `OUTCOME_UNKNOWN`: Resultado desconocido.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "NOT_ACCEPTED" | "NOT_READY" | "OUTCOME_UNKNOWN";
                    };
                };
            };
        };
    };
    getRecargasOperadorasSaldos: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all floats */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "estado": true,
                     *         "id_user_create": null,
                     *         "id_user_update": null,
                     *         "created_at": "2026-01-05T11:15:00.000Z",
                     *         "updated_at": "2026-01-05T12:20:00.020Z",
                     *         "id": 1,
                     *         "nombre_operadora": "Tigo",
                     *         "saldo_actual": "270.50",
                     *         "saldo_reservado": "20.00",
                     *         "saldo_bajo": false,
                     *         "autonomia_minutos": 148,
                     *         "disponible": true,
                     *         "motivo": null,
                     *         "paquetes": {
                     *           "proveedor": "3",
                     *           "disponible": true,
                     *           "motivo": null
                     *         }
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["OperadoraSaldo"][];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
    getRecargasRevision: {
        parameters: {
            query?: {
                cursor?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of sales */
            200: {
                headers: {
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "estado": "EN_REVISION",
                     *         "id_user_create": 2,
                     *         "id_user_update": null,
                     *         "created_at": "2026-01-05T12:20:00.000Z",
                     *         "updated_at": "2026-01-05T13:00:00.000Z",
                     *         "id": 3,
                     *         "id_transaccion": "019b8e19-9580-7f29-8c3b-7a9e1d5b6a06",
                     *         "operadora": "Tigo",
                     *         "paquete": null,
                     *         "numero_cliente": "76543210",
                     *         "fecha_hora": "2026-01-05T12:20:00.000Z",
                     *         "id_caja_sesion": 1,
                     *         "monto": 20,
                     *         "codigo": null,
                     *         "intentos": [
                     *           {
                     *             "intento": 1,
                     *             "inicio": "2026-01-05T12:20:00.100Z",
                     *             "fin": "2026-01-05T12:20:08.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           },
                     *           {
                     *             "intento": 2,
                     *             "inicio": "2026-01-05T12:20:10.100Z",
                     *             "fin": "2026-01-05T12:20:18.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           },
                     *           {
                     *             "intento": 3,
                     *             "inicio": "2026-01-05T12:20:30.100Z",
                     *             "fin": "2026-01-05T12:20:38.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           },
                     *           {
                     *             "intento": 4,
                     *             "inicio": "2026-01-05T12:21:00.100Z",
                     *             "fin": "2026-01-05T12:21:08.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           },
                     *           {
                     *             "intento": 5,
                     *             "inicio": "2026-01-05T12:22:00.100Z",
                     *             "fin": "2026-01-05T12:22:08.100Z",
                     *             "fila": 9,
                     *             "observado": "time-out after 8000 ms",
                     *             "http": null,
                     *             "estado_operador": null,
                     *             "codigo_resultado": null
                     *           }
                     *         ],
                     *         "decision": {
                     *           "resultado": "AUTORIZADA",
                     *           "evidencia": "ticket 4711",
                     *           "nota": "confirmado por teléfono",
                     *           "usuario": 1,
                     *           "fecha": "2026-01-05T13:00:00.000Z",
                     *           "confirmado_por": null,
                     *           "definitiva": false
                     *         },
                     *         "historia": [
                     *           {
                     *             "fecha": "2026-01-05T12:20:00.000Z",
                     *             "paso": "SOLICITADA",
                     *             "usuario": 2
                     *           },
                     *           {
                     *             "fecha": "2026-01-05T12:20:00.020Z",
                     *             "paso": "RESERVADA",
                     *             "usuario": null
                     *           },
                     *           {
                     *             "fecha": "2026-01-05T12:20:08.100Z",
                     *             "paso": "INTENTO",
                     *             "usuario": null,
                     *             "intento": {
                     *               "intento": 1,
                     *               "inicio": "2026-01-05T12:20:00.100Z",
                     *               "fin": "2026-01-05T12:20:08.100Z",
                     *               "fila": 9,
                     *               "observado": "time-out after 8000 ms",
                     *               "http": null,
                     *               "estado_operador": null,
                     *               "codigo_resultado": null
                     *             }
                     *           },
                     *           {
                     *             "fecha": "2026-01-05T12:20:18.100Z",
                     *             "paso": "INTENTO",
                     *             "usuario": null,
                     *             "intento": {
                     *               "intento": 2,
                     *               "inicio": "2026-01-05T12:20:10.100Z",
                     *               "fin": "2026-01-05T12:20:18.100Z",
                     *               "fila": 9,
                     *               "observado": "time-out after 8000 ms",
                     *               "http": null,
                     *               "estado_operador": null,
                     *               "codigo_resultado": null
                     *             }
                     *           },
                     *           {
                     *             "fecha": "2026-01-05T12:20:38.100Z",
                     *             "paso": "INTENTO",
                     *             "usuario": null,
                     *             "intento": {
                     *               "intento": 3,
                     *               "inicio": "2026-01-05T12:20:30.100Z",
                     *               "fin": "2026-01-05T12:20:38.100Z",
                     *               "fila": 9,
                     *               "observado": "time-out after 8000 ms",
                     *               "http": null,
                     *               "estado_operador": null,
                     *               "codigo_resultado": null
                     *             }
                     *           },
                     *           {
                     *             "fecha": "2026-01-05T12:21:08.100Z",
                     *             "paso": "INTENTO",
                     *             "usuario": null,
                     *             "intento": {
                     *               "intento": 4,
                     *               "inicio": "2026-01-05T12:21:00.100Z",
                     *               "fin": "2026-01-05T12:21:08.100Z",
                     *               "fila": 9,
                     *               "observado": "time-out after 8000 ms",
                     *               "http": null,
                     *               "estado_operador": null,
                     *               "codigo_resultado": null
                     *             }
                     *           },
                     *           {
                     *             "fecha": "2026-01-05T12:22:08.100Z",
                     *             "paso": "INTENTO",
                     *             "usuario": null,
                     *             "intento": {
                     *               "intento": 5,
                     *               "inicio": "2026-01-05T12:22:00.100Z",
                     *               "fin": "2026-01-05T12:22:08.100Z",
                     *               "fila": 9,
                     *               "observado": "time-out after 8000 ms",
                     *               "http": null,
                     *               "estado_operador": null,
                     *               "codigo_resultado": null
                     *             }
                     *           },
                     *           {
                     *             "fecha": "2026-01-05T12:22:08.200Z",
                     *             "paso": "EN_REVISION",
                     *             "usuario": null
                     *           },
                     *           {
                     *             "fecha": "2026-01-05T13:00:00.000Z",
                     *             "paso": "DECIDIDA",
                     *             "usuario": 1
                     *           }
                     *         ]
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["RecargaClienteAuditada"][];
                };
            };
            /**
             * @description `BAD_REQUEST`: Solicitud incorrecta.
             *
             *     `QUERY_INVALID`: Consulta incorrecta.
             *
             *     `URL_TOO_LONG`: Dirección demasiado larga.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "BAD_REQUEST" | "QUERY_INVALID" | "URL_TOO_LONG";
                    };
                };
            };
            /**
             * @description `TOKEN_MISSING`: Falta el token.
             *
             *     `TOKEN_INVALID`: Token inválido.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOKEN_INVALID" | "TOKEN_MISSING";
                    };
                };
            };
            /** @description `FORBIDDEN`: Sin permiso. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "FORBIDDEN";
                    };
                };
            };
            /** @description `TOO_MANY_REQUESTS`: Demasiadas solicitudes. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "TOO_MANY_REQUESTS";
                    };
                };
            };
            /** @description `INTERNAL`: Error interno. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "INTERNAL";
                    };
                };
            };
            /**
             * @description `NOT_ACCEPTED`: No aceptada.
             *
             *     `NOT_READY`: Todavía no disponible.
             *
             *     `LEDGER_UNAVAILABLE`: Consulta no disponible.
             */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problema"] & {
                        /** @enum {unknown} */
                        code?: "LEDGER_UNAVAILABLE" | "NOT_ACCEPTED" | "NOT_READY";
                    };
                };
            };
        };
    };
}
