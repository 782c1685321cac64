/** A compiled module. Worker threads can be given it. */
export interface WasmModule {
  readonly wasmModule?: never;
}

export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  /** By pages of 64 KiB. @throws {RangeError} if there is no more */
  grow(pages: number): number;
}

/** What the kernels use of JavaScript's WebAssembly interface, whose types come with browsers' libraries only. */
export const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    compile(bytes: Uint8Array): Promise<WasmModule>;
    instantiate(
      module: WasmModule,
      imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
    ): Promise<{ readonly exports: unknown }>;
    readonly Memory: new (limits: { initial: number; maximum: number; shared: boolean }) => WasmMemory;
  };
};
