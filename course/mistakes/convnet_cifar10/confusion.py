"""Known mistakes of confusion_matrix."""

from course.mistakes.mistake import about
from course.mistakes.shared import PRINTS
from course.reference.convnet import confusion_matrix

confusion = about(confusion_matrix, reads="Confusion matrix")

START = "counts = np.zeros((num_classes, num_classes), dtype=int)"
COUNT = "np.add.at(counts, (y, guesses), 1)  # counts[y, guesses] += 1 would count a repeated pair once"
END = "return counts"

MISTAKES = [
    confusion(
        "wrong",
        "rows_and_columns_exchanged",
        {COUNT: "np.add.at(counts, (guesses, y), 1)"},
        "Rows and columns are exchanged: a row should stand for a right class.",
        "Count the images of class 0, and compare with the sum of your first row.",
        "The first index of an array chooses the row.",
        "Compare the order of your two indices with the equation.",
    ),
    confusion(
        "wrong",
        "repeated_pairs_counted_once",
        {COUNT: "counts[y, guesses] += 1"},
        "A pair that comes up several times is counted once.",
        "What is the sum of all your counts, and how many images are there?",
        "NumPy reads all the places first, adds 1 to what it has read, and writes it back.",
        "With arrays as indices, += sees each place only once. NumPy has a function that sees it every time.",
    ),
    confusion(
        "wrong",
        "only_right_guesses",
        {COUNT: "np.add.at(counts, (y[y == guesses], y[y == guesses]), 1)"},
        "Only the right guesses are counted.",
        "What is the sum of all your counts, and how many images are there?",
        "A confusion is a wrong guess, and where it stands says which one.",
        "Every image belongs somewhere, whatever was guessed.",
    ),
    confusion(
        "wrong",
        "only_wrong_guesses",
        {COUNT: "np.add.at(counts, (y[y != guesses], guesses[y != guesses]), 1)"},
        "Only the wrong guesses are counted; the diagonal is empty.",
        "What is the sum of all your counts, and how many images are there?",
        "The right guesses have their place in the matrix too.",
        "Every image belongs somewhere, whatever was guessed.",
    ),
    confusion(
        "wrong",
        "both_ways",
        {COUNT: "np.add.at(counts, (y, guesses), 1)\n    np.add.at(counts, (guesses, y), 1)"},
        "Each image is counted twice: for its class and for its guess.",
        "What is the sum of all your counts, and how many images are there?",
        "A cat taken for a dog is not a dog taken for a cat.",
        "Your matrix is symmetric. Should it be?",
    ),
    confusion(
        "wrong",
        "shares_of_each_class",
        {END: "return counts / np.maximum(1, counts.sum(axis=1, keepdims=True))"},
        "Shares come out; counts are asked for.",
        "Are your entries whole numbers?",
        "A share hides how many images it is a share of.",
        "The last thing that you do is one too many.",
    ),
    confusion(
        "wrong",
        "shares_of_all_images",
        {END: "return counts / len(y)"},
        "The counts are divided by the number of images.",
        "What is the sum of all your entries? It should be the number of images.",
        "A share hides how many images it is a share of.",
        "The last thing that you do is one too many.",
    ),
    confusion(
        "wrong",
        "always_ten_classes",
        {START: "counts = np.zeros((10, 10), dtype=int)"},
        "The matrix has 10 rows and columns, whatever the number of classes is.",
        "With 10 classes all is right. Try 3.",
        "One of the arguments is never used.",
        "Look for a number that should be a name.",
    ),
    confusion(
        "wrong",
        "only_the_classes_that_came_up",
        {START: "most = max(y.max(), guesses.max()) + 1\n    counts = np.zeros((most, most), dtype=int)"},
        "Classes at the end that no image has are missing from the matrix.",
        "Try 5 classes and labels of 0 and 1 only.",
        "Nothing is a result too: a class without images has a row of zeros.",
        "One of the arguments is never used.",
    ),
    confusion(
        "wrong",
        "classes_counted_from_one",
        {COUNT: "np.add.at(counts, (y - 1, guesses - 1), 1)"},
        "Each class stands one row and one column too early.",
        "In which row do the images of class 0 stand?",
        "The labels begin with 0, and so do the rows of an array.",
        "Your index -1 is the last row, without an error.",
    ),
    confusion(
        "wrong",
        "last_image_left_out",
        {COUNT: "for n in range(len(y) - 1):\n        counts[y[n], guesses[n]] += 1"},
        "The last image is not counted.",
        "What is the sum of all your counts, and how many images are there?",
        "The numbers of range(3) are 0, 1 and 2.",
        "Look at where your loop ends.",
    ),
    confusion(
        "wrong",
        "classes_and_guesses_counted_apart",
        {
            COUNT: "counts += np.outer(np.bincount(y, minlength=num_classes), "
            "np.bincount(guesses, minlength=num_classes))"
        },
        "Classes and guesses are counted apart and multiplied; what matters is which come together.",
        "What is the sum of all your counts, and how many images are there?",
        "Exchange the guesses of two images of different classes: does your matrix change?",
        "Each image has one place, found from its class and its guess together.",
    ),
    confusion(
        "care",
        "small_integers_overflow",
        {
            START: "pairs = y * num_classes + guesses",
            COUNT: "counts = np.bincount(pairs, minlength=num_classes**2)\n"
            "    counts = counts.reshape(num_classes, num_classes)",
        },
        "With labels of 8 bits and many classes the number of a pair overflows.",
        "Try labels of dtype uint8, 20 classes and an image of class 13.",
        "A product of two small integers is a small integer again: 255 is followed by 0.",
        "Which dtype has the array of your pair numbers?",
    ),
    confusion(
        "care",
        "labels_overwritten",
        {COUNT: "np.add.at(counts, (y, guesses), 1)\n    y -= guesses"},
        "The counts are right, but the caller's `y` has changed after the call.",
        "Compare your inputs before and after the call.",
        "Operators that end in = write into the array on their left.",
        "Give the result a name and an array of its own.",
    ),
    confusion("note", "prints", {END: "print(counts)\n    return counts"}, *PRINTS),
]
