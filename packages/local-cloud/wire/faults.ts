/**
 * A refusal before a request reached its service: binding, signature, limits, path. It ends the connection.
 * Source: Corymbia/eucalyptus `NioServerHandler.java`; the code is the status line's text, never an AWS code.
 */
export class PipelineFault extends Error {
  readonly status: number;

  constructor(status: 400 | 403 | 404, message: string) {
    super(message);
    this.status = status;
  }

  get code(): string {
    return `${this.status} ${REASONS[this.status] ?? ""}`;
  }
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
};

/** A refusal by a service's own rules, with the code its clients look at. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
