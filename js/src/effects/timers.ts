// Timers.

export class Timers {
  private _running = new Map<number, ReturnType<typeof setTimeout>>();

  constructor(private _fired: (id: number) => void) {}

  _start(id: number, after: number): void {
    const fire = () => {
      this._running.delete(id);
      this._fired(id);
    };
    this._running.set(id, setTimeout(fire, after));
  }

  _cancel(id: number): void {
    clearTimeout(this._running.get(id));
    this._running.delete(id);
  }

  _cancelAll(): void {
    this._running.forEach((_, id) => this._cancel(id));
  }
}
