"""The race of the update rules as a widget in the notebook."""

from traitlets import Float, Int, List

from course.explorers.bundle import bundle
from course.explorers.explorer import AskingExplorer, choice, setting
from course.explorers.race_arithmetic import (
    DECAYS,
    MOMENTA,
    RATES,
    STEPS,
    SURFACES,
    Settings,
    explain,
    race,
    standing,
)
from course.explorers.race_figure import race_figure


class OptimiserRace(AskingExplorer):
    """Six update rules go downhill from the same start: see who arrives, who creeps and who is thrown out.

    The settings are traits; a surface brings its own start and learning rate unless you say otherwise. The
    decay multiplies the learning rate at each step. The browser draws without the kernel.
    """

    _esm = bundle("race.mjs")

    surface = choice("ravine", SURFACES)
    learning_rate = choice(0.1, RATES)
    momentum = choice(0.9, MOMENTA)
    decay = choice(1, DECAYS)
    noise = setting(0.3, 0, 2)
    start = List(Float(), minlen=2, maxlen=2, help="x and y of the start").tag(sync=True, setting=True)
    step = Int(50, min=0, max=STEPS, help="the step that is shown").tag(sync=True)
    seed = Int(0, min=0, max=999, help="which noise").tag(sync=True)

    def __init__(self, surface="ravine", **settings):
        own = SURFACES.get(surface, SURFACES["ravine"])  # another name is refused by the trait
        brought = {"start": list(own.start), "learning_rate": own.learning_rate}
        super().__init__(surface=surface, **brought | settings)

    @property
    def race_settings(self):
        """The settings as Settings."""
        return Settings(self.surface, self.learning_rate, self.momentum, self.decay, self.noise,
                        tuple(self.start), self.seed)

    @property
    def alt(self):
        """The picture in words."""
        settings = self.race_settings
        runners = race(settings)
        words = f"{self.surface}, {SURFACES[self.surface].said}, learning rate {self.learning_rate:g}."
        told = (say(settings, runners, self.step) for say in (standing, explain))
        return " ".join([words, *told]).strip()

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        settings = self.race_settings
        return race_figure(settings, race(settings), self.step, self.alt)
