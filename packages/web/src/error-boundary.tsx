import { Component, type ReactNode } from "react";
import { ErrorNotice } from "./components/error-notice.tsx";
import { PageTitle } from "./components/page-title.tsx";
import { asStepError, type StepError } from "./step-error.ts";

interface Failure {
  readonly error: StepError | null;
}

/** Shows in words that a page cannot be shown, in the place of nothing at all. The frame and its links stay. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, Failure> {
  override state: Failure = { error: null };

  static getDerivedStateFromError(thrown: unknown): Failure {
    return { error: asStepError(thrown) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <>
        <PageTitle>This page cannot be shown</PageTitle>
        <ErrorNotice error={error} />
        <p>What the journal holds is safe. The other pages are still there.</p>
        <div>
          <button type="button" className="button button-main" onClick={() => location.reload()}>
            Load the page again
          </button>
        </div>
      </>
    );
  }
}
